import Diagnostics
package import Domain
import TextForms

/// A topology as text that other tools draw.
package enum GraphText {
    // MARK: Mermaid

    /// A flowchart as Mermaid reads it: GitHub and GitLab draw it in Markdown.
    package static func mermaid(_ topology: Topology) -> String {
        let ids = identifiers(topology)
        var lines = ["flowchart LR"]
        for site in topology.sites {
            let text = [site.name] + topology.roles(of: site.name) + site.details
            let isPrimary = topology.groups.contains { $0.primary == site.name }
            lines.append("  \(ids.site(site.name))[\"\(text.map(escapedForMermaid).joined(separator: "<br/>"))\"]")
            if isPrimary { lines.append("  class \(ids.site(site.name)) primary") }
            if site.silence != nil { lines.append("  class \(ids.site(site.name)) unseen") }
        }
        for client in topology.clients {
            lines.append(
                "  \(ids.client(client.name))([\"\(escapedForMermaid(client.name))\"]) --> \(ids.site(client.site))")
        }
        for link in topology.links {
            let arrow = link.idle > 0 ? "-." : "=="
            let end = link.idle > 0 ? ".->" : "==>"
            lines.append(
                "  \(ids.site(link.source)) \(arrow) \"\(escapedForMermaid(link.label))\" \(end) \(ids.site(link.destination))"
            )
        }
        for exporter in topology.exporters {
            guard let source = topology.site(of: exporter.source), let target = topology.site(of: exporter.destination)
            else { continue }
            lines.append("  \(ids.site(source)) -. \"\(escapedForMermaid(exporter.label))\" .-> \(ids.site(target))")
        }
        lines += ["  classDef primary stroke-width:3px", "  classDef unseen stroke-dasharray:4 4"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escapedForMermaid(_ text: String) -> String {
        PlainText.line(text).replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
    }

    // MARK: DOT

    /// A graph as Graphviz reads it.
    package static func dot(_ topology: Topology) -> String {
        let ids = identifiers(topology)
        var lines = ["digraph spillway {", "  rankdir=LR;", "  node [shape=box, fontname=\"sans-serif\"];"]
        for site in topology.sites {
            let text = [site.name] + topology.roles(of: site.name) + site.details
            let isPrimary = topology.groups.contains { $0.primary == site.name }
            let style = site.silence != nil ? ", style=dashed" : isPrimary ? ", penwidth=2" : ""
            lines.append("  \(ids.site(site.name)) [label=\(quoted(text.joined(separator: "\n")))\(style)];")
        }
        for client in topology.clients {
            lines.append("  \(ids.client(client.name)) [label=\(quoted(client.name)), shape=ellipse];")
            lines.append("  \(ids.client(client.name)) -> \(ids.site(client.site));")
        }
        for link in topology.links {
            let style = link.idle > 0 ? ", style=dashed" : ", penwidth=2"
            lines.append(
                "  \(ids.site(link.source)) -> \(ids.site(link.destination)) [label=\(quoted(link.label))\(style)];")
        }
        for exporter in topology.exporters {
            guard let source = topology.site(of: exporter.source), let target = topology.site(of: exporter.destination)
            else { continue }
            lines.append(
                "  \(ids.site(source)) -> \(ids.site(target)) [label=\(quoted(exporter.label)), style=dotted];")
        }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { PlainText.line(String($0)) }
        return "\""
            + lines.map { $0.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }.joined(separator: "\\n")
            + "\""
    }

    // MARK: Identifiers

    /// Names that need no quotes, by the place in the list: a name may hold anything.
    private struct Identifiers {
        let sites: [String: Int]
        let clients: [String: Int]

        func site(_ name: String) -> String { "s\(sites[name] ?? sites.count)" }
        func client(_ name: String) -> String { "c\(clients[name] ?? clients.count)" }
    }

    private static func identifiers(_ topology: Topology) -> Identifiers {
        func numbers(_ names: [String]) -> [String: Int] {
            Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
        }
        return Identifiers(sites: numbers(topology.sites.map(\.name)), clients: numbers(topology.clients.map(\.name)))
    }
}
