import Diagnostics
package import Domain
import TextForms

/// A topology as a picture that needs nothing else: light and dark, and readable to those who do not see it.
package struct GraphSVG {
    private enum Size {
        static let box = (width: 250, height: 130)
        static let gap = 190
        static let margin = 24
        static let row = 40
        static let line = 17
    }

    private let topology: Topology
    private var body = ""

    /// - Returns: The document, ended by a line break.
    package static func render(_ topology: Topology, title: String) -> String {
        var picture = GraphSVG(topology)
        return picture.document(title)
    }

    private init(_ topology: Topology) {
        self.topology = topology
    }

    // MARK: Places

    private func left(_ site: Int) -> Int { Size.margin + site * (Size.box.width + Size.gap) }
    private func index(_ site: String) -> Int? { topology.sites.firstIndex { $0.name == site } }

    /// Flows, each in a row of its own above the boxes.
    private var flows: [(from: Int, to: Int, label: String, kind: String)] {
        let links = topology.links.compactMap { link -> (Int, Int, String, String)? in
            guard let from = index(link.source), let to = index(link.destination) else { return nil }
            return (from, to, link.label, link.idle > 0 ? "link idle" : "link")
        }
        let exporters = topology.exporters.compactMap { exporter -> (Int, Int, String, String)? in
            guard let from = topology.site(of: exporter.source).flatMap(index),
                let to = topology.site(of: exporter.destination).flatMap(index)
            else { return nil }
            return (from, to, exporter.label, "exporter")
        }
        return links + exporters
    }

    // MARK: Drawing

    private mutating func document(_ title: String) -> String {
        let flows = flows
        let top = Size.margin + flows.count * Size.row + 16
        let clientTop = top + boxHeight + 46
        let perSite = Dictionary(grouping: topology.clients, by: \.site)
        let clientRows = perSite.values.map(\.count).max() ?? 0
        let width = 2 * Size.margin + max(1, topology.sites.count) * (Size.box.width + Size.gap) - Size.gap
        let height = clientTop + clientRows * 30 + Size.margin
        for (row, flow) in flows.enumerated() { draw(flow, at: Size.margin + row * Size.row + 14, boxTop: top) }
        for (number, site) in topology.sites.enumerated() { draw(site, left(number), top) }
        for (site, clients) in perSite.sorted(by: { $0.key < $1.key }) {
            guard let number = index(site) else { continue }
            draw(clients.sorted { $0.name < $1.name }, left(number), clientTop, boxBottom: top + boxHeight)
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
            role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13">
            <title id="t">\(Self.escaped(title))</title>
            <desc id="d">\(Self.escaped(topology.description))</desc>
            \(Self.style)
            \(body)</svg>

            """
    }

    private var boxHeight: Int {
        let lines = topology.sites.map { topology.roles(of: $0.name).count + $0.details.count }.max() ?? 0
        return max(Size.box.height, 44 + lines * Size.line)
    }

    private mutating func draw(_ site: Topology.Site, _ x: Int, _ y: Int) {
        let isPrimary = topology.groups.contains { $0.primary == site.name }
        let kind = site.silence != nil ? "site unseen" : isPrimary ? "site primary" : "site"
        body +=
            "<rect class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" width=\"\(Size.box.width)\" height=\"\(boxHeight)\" rx=\"8\"/>\n"
        text(site.name, x + 14, y + 26, limit: 28, "name")
        let lines = topology.roles(of: site.name).map { ($0, "role") } + site.details.map { ($0, "detail") }
        for (number, line) in lines.enumerated() {
            text(line.0, x + 14, y + 48 + number * Size.line, limit: 32, line.1)
        }
    }

    private mutating func draw(_ flow: (from: Int, to: Int, label: String, kind: String), at y: Int, boxTop: Int) {
        let isForward = flow.from < flow.to
        let inset = 20 + (flow.kind == "exporter" ? 24 : 0)
        let start = left(flow.from) + (isForward ? Size.box.width - inset : inset)
        let end = left(flow.to) + (isForward ? inset : Size.box.width - inset)
        body +=
            "<path class=\"flow \(flow.kind)\" marker-end=\"url(#arrow)\" d=\"M\(start) \(boxTop) V\(y) H\(end) V\(boxTop - 3)\"/>\n"
        let middle = (start + end) / 2
        text(flow.label, middle, y - 6, limit: max(56, abs(end - start) / 7), "label", anchor: "middle")
    }

    private mutating func draw(_ clients: [Topology.Client], _ x: Int, _ y: Int, boxBottom: Int) {
        let middle = x + Size.box.width / 2
        body += "<path class=\"flow client\" marker-end=\"url(#arrow)\" d=\"M\(middle) \(y) V\(boxBottom + 4)\"/>\n"
        for (number, client) in clients.enumerated() {
            let top = y + number * 30
            body +=
                "<rect class=\"client\" x=\"\(x + 35)\" y=\"\(top)\" width=\"\(Size.box.width - 70)\" height=\"24\" rx=\"12\"/>\n"
            text(client.name, middle, top + 17, limit: 24, "detail", anchor: "middle")
        }
    }

    /// A line of text, cut to its room; whole in its tooltip.
    private mutating func text(_ text: String, _ x: Int, _ y: Int, limit: Int, _ kind: String, anchor: String = "start")
    {
        let line = PlainText.line(text)
        let shown = line.count > limit ? line.prefix(limit - 1) + "…" : line[...]
        let title = shown.count < line.count ? "<title>\(Self.escaped(line))</title>" : ""
        body +=
            "<text class=\"\(kind)\" x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(title)\(Self.escaped(String(shown)))</text>\n"
    }

    private static func escaped(_ text: String) -> String {
        PlainText.line(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    private static let style = """
        <style>
        svg{--ink:#1c2330;--soft:#566174;--paper:#ffffff;--box:#f3f5f9;--line:#8792a6;--main:#1558b0;--warn:#a33b00;background:var(--paper)}
        @media (prefers-color-scheme:dark){svg{--ink:#e8ecf3;--soft:#a9b3c4;--paper:#12161d;--box:#1d232e;--line:#66728a;--main:#7db1ff;--warn:#ffa56b}}
        text{fill:var(--ink)}.name{font-weight:600;font-size:16px}.role{fill:var(--main);font-weight:600}.detail,.label{fill:var(--soft)}
        .site,.client{fill:var(--box);stroke:var(--line);stroke-width:1.2}.primary{stroke:var(--main);stroke-width:2.6}
        .unseen{stroke:var(--warn);stroke-dasharray:6 4}.flow{fill:none;stroke:var(--line);stroke-width:1.6}
        .link{stroke:var(--main);stroke-width:2.6}.idle{stroke:var(--warn);stroke-dasharray:6 4}.exporter{stroke-dasharray:2 4}
        </style>
        <defs><marker id="arrow" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" fill="context-stroke"/></marker></defs>
        """
}
