import SimulatedConfluent
import SimulatedStores
import SimulatorCore

/// How a simulator is set up.
package struct SimulatorConfiguration: Sendable {
    /// Where the simulator's time comes from.
    package enum Clock: Sendable, Equatable {
        /// The machine's clock.
        case real
        /// Starts at a number of milliseconds since 1970 and moves by `POST /_sim/clock` only.
        case virtual(start: Int64)
    }

    /// How long the control plane takes, in milliseconds.
    package struct Provisioning: Sendable, Equatable {
        /// From the creation of a Kafka cluster to PROVISIONED.
        package var kafka: Int64
        /// From the first Kafka cluster of an environment to its Schema Registry.
        package var registry: Int64
        /// From the creation of an API key until it works.
        package var key: Int64

        /// Short enough for a demonstration, long enough that a client that does not wait is found out.
        package init(kafka: Int64 = 2_000, registry: Int64 = 1_000, key: Int64 = 1_000) {
            self.kafka = kafka
            self.registry = registry
            self.key = key
        }
    }

    /// Address the control plane and the admin API listen at, and every region beside them.
    package var host: String
    /// Port of the control plane and the admin API; 0 takes a free one. Regions always take free ones.
    package var port: Int
    /// Equal seeds give equal ids and equal runs.
    package var seed: UInt64
    /// Real for a server; virtual where a test steps it.
    package var clock: Clock
    /// Delays of the control plane, on the clock above.
    package var provisioning: Provisioning
    /// Regions that listen from the start; others appear with their first cluster.
    package var regions: [String]
    /// Stores of bindings that listen from the start.
    package var stores: [SimulatedStoreConfiguration]
    /// Faults from the start: the text of what `POST /_sim/faults` takes, times counted from the start.
    package var faults: String?
    /// How many of the newest events the log keeps; `nil` keeps all.
    package var eventLimit: Int?

    /// A simulator on free loopback ports, in real time.
    package init(
        host: String = "127.0.0.1", port: Int = 0, seed: UInt64 = 1, clock: Clock = .real,
        provisioning: Provisioning = Provisioning(), regions: [String] = [],
        stores: [SimulatedStoreConfiguration] = [], faults: String? = nil, eventLimit: Int? = nil
    ) {
        self.host = host
        self.port = port
        self.seed = seed
        self.clock = clock
        self.provisioning = provisioning
        self.regions = regions
        self.stores = stores
        self.faults = faults
        self.eventLimit = eventLimit
    }
}
