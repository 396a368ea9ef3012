import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// Where a running simulator answers, and the credentials it takes.
package struct SimulatorEndpoints: Sendable, Codable, Equatable {
    /// The two APIs of a region.
    package struct Region: Sendable, Codable, Equatable {
        /// Base URL of Kafka REST v3, without a path.
        package var kafkaREST: String
        /// Base URL of the region's first Schema Registry; more registries in a region get URLs of their own.
        package var schemaRegistry: String
    }

    /// A key pair for Basic authentication.
    package struct KeyPair: Sendable, Codable, Equatable {
        /// The user name.
        package var key: String
        /// The password; public on purpose.
        package var secret: String
    }

    /// Base URL of org v2, cmk v2, srcm v3 and iam v2.
    package var controlPlane: String
    /// Base URL of the admin API: `/_sim` is appended already.
    package var admin: String
    /// The pair every endpoint accepts.
    package var credentials: KeyPair
    /// Regions that listen, by name.
    package var regions: [String: Region]

    /// Base URLs of the stores of bindings, by name.
    package var stores: [String: String]

    /// The whole value as one line of JSON, with sorted keys.
    package var line: String {
        let regions = regions.sorted { $0.key < $1.key }.map { name, region in
            JSON.Member(
                name: name,
                value: ["kafkaREST": .string(region.kafkaREST), "schemaRegistry": .string(region.schemaRegistry)])
        }
        let value: JSON = [
            "admin": .string(admin), "controlPlane": .string(controlPlane),
            "credentials": ["key": .string(credentials.key), "secret": .string(credentials.secret)],
            "regions": .object(regions),
            "stores": .object(
                stores.sorted { $0.key < $1.key }.map { JSON.Member(name: $0.key, value: .string($0.value)) }),
        ]
        return String(decoding: value.bytes, as: UTF8.self)
    }
}
