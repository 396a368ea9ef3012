#if DEBUG
    import Foundation
    import Manifest

    @testable import Bindings

    /// A kubeconfig. What is read as YAML is JSON, and is read as itself again.
    enum KubeconfigsEntry {
        static func check(_ bytes: [UInt8]) throws {
            guard let json = try? YAMLAsJSON.convert(bytes) else { return }
            guard (try? JSONSerialization.jsonObject(with: Data(json), options: .fragmentsAllowed)) != nil else {
                throw Broken("what was made of YAML is no JSON: \(String(decoding: json.prefix(200), as: UTF8.self))")
            }
            // JSON may hold characters that YAML refuses unless they are escaped.
            if let again = try? YAMLAsJSON.convert(json) {
                try require(again == json, "JSON that was made of YAML is read as something else")
            }
            var config = Kubeconfig()
            try? config.merge(json: json, folder: "one")
            let first = config.contexts.keys
            try? config.merge(json: json, folder: "two")
            try require(config.contexts.keys == first, "merging a file with itself adds to it")
            try require(config.clusters.values.allSatisfy { $0.folder == "one" }, "the second file's entry stands")
        }
    }
#endif
