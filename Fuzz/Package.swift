// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that Spillway's never has a program without `main`: libFuzzer brings it.
let package = Package(
    name: "fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "spillway", path: "..")],
    targets: [
        .executableTarget(
            name: "SpillwayFuzzer",
            dependencies: [.product(name: "FuzzEntries", package: "spillway")],
            path: "Fuzzer",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])])
    ],
    swiftLanguageModes: [.v6]
)
