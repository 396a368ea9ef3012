// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building and testing Spillway never resolves what measuring needs.
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "spillway", path: ".."),
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
    ],
    targets: [
        .executableTarget(
            name: "SpillwayBenchmarks",
            dependencies: [
                .product(name: "BenchmarkSamples", package: "spillway"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Benchmarks/SpillwayBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
    ],
    swiftLanguageModes: [.v6]
)
