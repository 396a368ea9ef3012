// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the architecture: a library target with the settings every target shares.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one room, or of rooms that make one thing.
///
/// - Parameter data: Folders of files that tests read where they lie.
func tests(
    of name: String, rooms: [String]? = nil, _ dependencies: [Target.Dependency] = [], data: [String] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: (rooms ?? [name]).map { .target(name: $0) } + ["TestSupport"] + dependencies,
        exclude: data, swiftSettings: settings)
}

/// A room that only builds with the trait `Simulator` link.
func simulated(_ name: String) -> Target.Dependency {
    .target(name: name, condition: .when(traits: ["Simulator"]))
}

let asyncHTTPClient = Target.Dependency.product(
    name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")

let package = Package(
    name: "spillway",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "spillway", targets: ["spillway"]),
        // For the benchmark package.
        .library(name: "BenchmarkSamples", targets: ["BenchmarkSamples"]),
        // For the fuzzer's package.
        .library(name: "FuzzEntries", targets: ["FuzzEntries"]),
    ],
    traits: [
        .trait(name: "Simulator", description: "`simulate` and `drill`: HTTP servers that stand in for live systems."),
        .default(enabledTraits: ["Simulator"]),
    ],
    dependencies: [
        // The command line.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        // Ordered dictionaries and sets: what people read must not depend on hash seeds.
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // HMAC fingerprints of secrets, digests of plans.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        // HTTP towards the live systems.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        // The ledger and the journal.
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Restart hooks that are programs.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        // Signals as a sequence.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The simulator's servers.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        // Structural differences as test failures.
        .package(url: "https://github.com/pointfreeco/swift-custom-dump", from: "1.7.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        room("TextForms"),
        room("Diagnostics"),
        room("Domain", ["Diagnostics", "TextForms"]),
        room("Estate", ["Domain", "TextForms"]),
        room("Manifest", ["Diagnostics", "Domain", "TextForms", "CLibYAML", collections]),
        room("Planning", ["Diagnostics", "Domain", collections]),
        room("Execution", ["Domain", "Planning", logging, collections]),
        room("Transport", ["Domain", "Execution", "TextForms", asyncHTTPClient, logging]),
        room("Confluent", ["Domain", "Planning", "Execution", "TextForms", "Transport", logging]),
        room(
            "Bindings",
            [
                "Domain", "Planning", "Execution", "TextForms", "Transport", crypto,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        room(
            "StateStores",
            [
                "Domain", "Planning", "Execution", "TextForms", "CZlib",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        room("SimulatorCore"),
        room("SimulatedConfluent", ["SimulatorCore", collections]),
        room("SimulatedStores", ["SimulatorCore"]),
        room(
            "SimulatorServer",
            ["SimulatorCore", "SimulatedConfluent", "SimulatedStores", hummingbird, hummingbirdTLS, logging]),
        room("Rendering", ["Diagnostics", "Domain", "Estate", "Planning", "Execution", "TextForms"]),
        room(
            "Session",
            [
                "Diagnostics", "Domain", "Manifest", "Planning", "Execution", "Transport", "Confluent", "Bindings",
                "StateStores", "Rendering", "Estate", "TextForms", logging, crypto,
            ]),
        room(
            "Drill",
            [
                "Diagnostics", "Domain", "Manifest", "Planning", "Execution", "Transport", "Bindings", "StateStores",
                "Rendering", "Session", "SimulatorServer", logging,
            ]),
        room(
            "Commands",
            [
                "Diagnostics", "Domain", "Estate", "Manifest", "Planning", "Execution", "StateStores", "Rendering",
                "Session", "TextForms", logging, simulated("Drill"), simulated("SimulatorServer"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        room("BenchmarkSamples", ["Domain", "Manifest", "Planning"]),
        .executableTarget(name: "spillway", dependencies: ["Commands"], swiftSettings: settings),

        .target(
            name: "TestSupport",
            dependencies: [
                "Diagnostics", "Domain", .product(name: "CustomDump", package: "swift-custom-dump"), asyncHTTPClient,
                crypto,
            ],
            path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "FuzzEntries",
            dependencies: [
                "Diagnostics", "Domain", "Manifest", "Planning", "Transport", "Confluent", "Bindings", "Rendering",
                "Session",
            ],
            path: "Tests/FuzzEntries", swiftSettings: settings),
        tests(of: "Fuzz", rooms: ["FuzzEntries"]),
        tests(of: "TextForms"),
        tests(of: "Diagnostics"),
        tests(of: "Domain"),
        tests(of: "Estate", ["Manifest"]),
        tests(of: "Manifest", data: ["Fixtures"]),
        tests(of: "Planning", ["Estate", "Execution", "Manifest", "Rendering"]),
        tests(of: "Execution"),
        tests(of: "Transport", [hummingbird]),
        tests(of: "Confluent", ["SimulatorServer"]),
        tests(of: "Bindings", ["SimulatorServer", "TextForms", logging, asyncHTTPClient, crypto]),
        tests(of: "StateStores", ["Bindings", "SimulatorCore", "SimulatorServer", "Transport", logging]),
        tests(
            of: "Simulator", rooms: ["SimulatorCore", "SimulatedConfluent", "SimulatedStores", "SimulatorServer"],
            [asyncHTTPClient]),
        tests(of: "Rendering", data: ["Golden"]),
        tests(of: "Session", ["Domain", "Planning", "Execution"]),
        tests(of: "Commands", ["Session"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "SimulatorServer", "StateStores", "Execution", "Domain", "Manifest", "TextForms",
                "spillway",
                asyncHTTPClient,
            ], exclude: ["Clients/Python"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)

// `scripts/sanitize` builds the rooms that do things at once and what they need, and nothing else: builds and tests take
// some times longer under the sanitizer.
if Context.environment["SPILLWAY_SANITIZE"] != nil {
    let wanted = ["ExecutionTests", "TransportTests", "StateStoresTests", "ConfluentTests"]
    let above = [
        "Session", "Drill", "Commands", "spillway", "Manifest", "Rendering", "BenchmarkSamples", "FuzzEntries",
    ]
    package.targets.removeAll { $0.isTest ? !wanted.contains($0.name) : above.contains($0.name) }
    package.products.removeAll()
}
