import Benchmark
import BenchmarkSamples

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .cpuTotal, .peakMemoryResident], maxDuration: .seconds(10), maxIterations: 20)
    let sample = TopicSample(topics: 10_000)

    Benchmark("load and validate 10,000 topics") { _ in blackHole(sample.load()) }

    Benchmark("plan 10,000 topics and their mirrors") { benchmark in
        guard let input = sample.input else { return benchmark.error("the workspace does not load") }
        benchmark.startMeasurement()
        blackHole(input.plan())
        benchmark.stopMeasurement()
    }
}
