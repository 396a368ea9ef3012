import Domain
import Execution
import Foundation
import Planning
import Rendering

/// Shows a run while it goes on: a few redrawn lines on a terminal, a log elsewhere, JSON events with `-o json`.
actor ProgressView {
    private enum Style {
        case live(LiveProgress)
        case log(ProgressText)
        case events
        case silent
    }

    private static let usualWidth = 100
    private static let height = 12

    private let console: Console
    private var style: Style
    /// Columns of the lines that are drawn now.
    private var drawn: [Int] = []
    private var ticker: Task<Void, Never>?
    private var isFinished = false

    init(steps: [Step], format: ApplyRequest.Format, options: SessionOptions) {
        let context = CommandContext.current
        let terminal = options.diagnosticsTerminal
        console = format == .json ? context.output : context.diagnostics
        if format == .json {
            style = .events
        } else if options.isQuiet {
            style = .silent
        } else if context.diagnostics.isTerminal && !context.isPipeline {
            style = .live(LiveProgress(steps: steps, terminal: terminal))
        } else {
            style = .log(ProgressText(steps: steps, terminal: terminal))
        }
    }

    /// Shows an event.
    func receive(_ event: ExecutionEvent) {
        startTicking()
        switch style {
        case .events: console.writeLine(EventStream.line(for: event))
        case .silent: break
        case .log(var text):
            console.write(text.receive(event))
            style = .log(text)
        case .live(var live):
            let above = live.receive(event)
            style = .live(live)
            if !above.isEmpty { redraw(live, above: above) }
        }
    }

    /// Shows how far something is that a step waits for.
    func tell(_ news: String) {
        switch style {
        case .events: console.writeLine(EventStream.line(forNews: news, at: Workbench.now))
        case .silent: break
        case .log(let text): console.write(text.news(news, at: Workbench.now))
        case .live(let live): redraw(live, above: live.news(news))
        }
    }

    /// Stops redrawing and leaves the terminal below the last line that stays.
    func finish() {
        isFinished = true
        ticker?.cancel()
        ticker = nil
        if case .live = style { erase() }
    }

    /// A few times a second: counts and elapsed times, and signs of life of what takes long.
    private func startTicking() {
        guard ticker == nil, !isFinished else { return }
        ticker = Task { [weak self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(200))
                await self?.tick()
            }
        }
    }

    private func tick() {
        guard ticker != nil else { return }
        switch style {
        case .events, .silent: break
        case .log(var text):
            console.write(text.tick(at: Workbench.now))
            style = .log(text)
        case .live(let live): redraw(live, above: "")
        }
    }

    private func redraw(_ live: LiveProgress, above: String) {
        erase()
        console.write(above)
        let width = (console.width ?? Self.usualWidth) - 1
        let lines = live.lines(at: Workbench.now, width: width, height: Self.height)
        console.write(lines.map { $0.text + "\n" }.joined())
        drawn = lines.map(\.columns)
    }

    /// Takes away what is drawn, which takes more rows than it has lines where the terminal was made narrower.
    private func erase() {
        guard !drawn.isEmpty else { return }
        let width = max(1, console.width ?? Self.usualWidth)
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
        console.write("\u{1B}[\(rows)A\u{1B}[J")
        drawn = []
    }
}
