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

    private let console: Console
    private var style: Style
    private var drawnLines = 0
    private var ticker: Task<Void, Never>?

    init(steps: [Step], format: ApplyFormat, options: GlobalOptions) {
        let context = CommandContext.current
        let terminal = options.diagnosticsTerminal
        console = format == .json ? context.output : context.diagnostics
        if format == .json {
            style = .events
        } else if options.quiet {
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
        case .live(let live): redraw(live, above: "\(news)\n")
        }
    }

    /// Stops redrawing and leaves the terminal below the last line.
    func finish() {
        ticker?.cancel()
        ticker = nil
        if case .live = style { erase() }
    }

    /// A few times a second: counts and elapsed times, and signs of life of what takes long.
    private func startTicking() {
        guard ticker == nil else { return }
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
        let lines = live.lines(at: Workbench.now, width: 100, height: 12)
        console.write(lines.map { $0 + "\n" }.joined())
        drawnLines = lines.count
    }

    private func erase() {
        guard drawnLines > 0 else { return }
        console.write("\u{1B}[\(drawnLines)A\u{1B}[J")
        drawnLines = 0
    }
}
