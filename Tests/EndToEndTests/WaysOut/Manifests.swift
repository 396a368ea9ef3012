import Foundation
import Testing

/// Manifests as fields by their path, so that a printed line can be merged into one.
struct Manifests: Hashable {
    /// One document. Values are written as they are, in YAML of one line.
    struct Document: Hashable {
        let kind: String
        let name: String
        /// By path, from `metadata` or `spec` on.
        var fields: [String: String]

        init(_ kind: String, _ name: String, _ spec: [String: String], metadata: [String: String] = [:]) {
            self.kind = kind
            self.name = name
            fields = [:]
            for (path, value) in spec { fields["spec.\(path)"] = value }
            for (path, value) in metadata { fields["metadata.\(path)"] = value }
        }

        var key: String { "\(kind) \(name)" }

        /// Writes a value: into the item of a list, beside what a map in one line holds, or as a field.
        mutating func write(_ path: String, _ value: String) {
            if let start = path.firstIndex(of: "["), let list = fields[String(path[..<start])] {
                let key = path.split(separator: ".").last.map(String.init) ?? ""
                guard let range = list.range(of: "\(key): [^,}]+", options: .regularExpression) else { return }
                fields[String(path[..<start])] = list.replacingCharacters(in: range, with: "\(key): \(value)")
                return
            }
            let parents = path.indices.filter { path[$0] == "." }.map { String(path[..<$0]) }
            if let parent = parents.first(where: { fields[$0]?.hasSuffix("}") ?? false }), let map = fields[parent] {
                let key = String(path.dropFirst(parent.count + 1))
                let pattern = "\(NSRegularExpression.escapedPattern(for: key)): (\\[[^\\]]*\\]|[^,}]+)"
                if let range = map.range(of: pattern, options: .regularExpression) {
                    fields[parent] = map.replacingCharacters(in: range, with: "\(key): \(value)")
                } else {
                    fields[parent] = "\(map.dropLast()), \(key): \(value)}"
                }
                return
            }
            remove(path)
            for parent in parents { fields[parent] = nil }
            fields[path] = value
        }

        mutating func remove(_ path: String) {
            fields = fields.filter { $0.key != path && !$0.key.hasPrefix(path + ".") }
        }

        var yaml: String {
            var lines = ["apiVersion: spillway/v1", "kind: \(kind)", "metadata:", "  name: \(name)"]
            lines += Self.lines(of: fields, below: "metadata", indent: 2)
            lines.append(fields.keys.contains { $0.hasPrefix("spec.") } ? "spec:" : "spec: {}")
            lines += Self.lines(of: fields, below: "spec", indent: 2)
            return lines.joined(separator: "\n") + "\n"
        }

        private static func lines(of fields: [String: String], below parent: String, indent: Int) -> [String] {
            let own = fields.filter { $0.key.hasPrefix(parent + ".") }
            let names = Set(own.keys.map { $0.dropFirst(parent.count + 1).prefix { $0 != "." } }).sorted()
            return names.flatMap { name -> [String] in
                let path = "\(parent).\(name)"
                let head = String(repeating: " ", count: indent) + "\(name):"
                if let value = own[path] { return ["\(head) \(value)"] }
                return [head] + lines(of: own, below: path, indent: indent + 2)
            }
        }
    }

    var documents: [String: Document] = [:]

    init(_ documents: [Document]) {
        for document in documents { add(document) }
    }

    mutating func add(_ document: Document) { documents[document.key] = document }

    mutating func add(_ kind: String, _ name: String, _ spec: [String: String], metadata: [String: String] = [:]) {
        add(Document(kind, name, spec, metadata: metadata))
    }

    /// Writes a field of a document; `nil` takes it out.
    mutating func set(_ key: String, _ path: String, _ value: String?) {
        guard let value else {
            documents[key]?.remove("spec.\(path)")
            return
        }
        documents[key]?.write("spec.\(path)", value)
    }

    /// Writes the workspace's own document and the folder `m`.
    func write(to folder: URL) throws {
        let manifests = folder.appendingPathComponent("m")
        try? FileManager.default.removeItem(at: manifests)
        try FileManager.default.createDirectory(at: manifests, withIntermediateDirectories: true)
        for document in documents.values {
            let file =
                document.kind == "Workspace"
                ? folder.appendingPathComponent("spillway.yaml")
                : manifests.appendingPathComponent("\(document.kind)-\(document.name).yaml")
            try document.yaml.write(to: file, atomically: true, encoding: .utf8)
        }
    }
}
