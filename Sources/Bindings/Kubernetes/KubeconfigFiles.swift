import Domain
import Execution
import Foundation

/// Finds and reads the kubeconfig of a connection: its explicit file, else the files of `KUBECONFIG`, else
/// `~/.kube/config`.
struct KubeconfigFiles: Sendable {
    let spec: KubernetesSpec
    /// Folder of the workspace file.
    let folder: String
    let environment: [String: String]
    let surroundings: KubernetesSurroundings

    private static let largestFile = 4 << 20

    /// What the files say together, and how they are called in messages.
    func read() throws(StepFailure) -> (config: Kubeconfig, name: String) {
        if let path = spec.kubeconfig {
            return (try merged([path], mayBeMissing: false), path)
        }
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            let paths = list.split(separator: ":").map(String.init)
            return (try merged(paths, mayBeMissing: paths.count > 1), "KUBECONFIG")
        }
        guard let home = environment["HOME"], !home.isEmpty else {
            throw StepFailure(
                .withoutCredentials,
                "there is no kubeconfig: neither `kubeconfig` nor KUBECONFIG nor HOME is set; set one, or `inCluster`")
        }
        return (try merged(["\(home)/.kube/config"], mayBeMissing: false), "~/.kube/config")
    }

    /// kubectl skips files of a list that are not there; here at least one has to be.
    private func merged(_ paths: [String], mayBeMissing: Bool) throws(StepFailure) -> Kubeconfig {
        var config = Kubeconfig()
        var found = 0
        for path in paths {
            let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
            if mayBeMissing, !FileManager.default.fileExists(atPath: full) { continue }
            found += 1
            try add(full, named: path, to: &config)
        }
        guard found > 0 else {
            throw StepFailure(.withoutCredentials, "none of the files of KUBECONFIG exists")
        }
        return config
    }

    private func add(_ full: String, named path: String, to config: inout Kubeconfig) throws(StepFailure) {
        let bytes: [UInt8]
        switch SmallFile.read(full, limit: Self.largestFile) {
        case .failure(let problem): throw StepFailure(.withoutCredentials, "kubeconfig \(path) \(problem.reason)")
        case .success(let read): bytes = read
        }
        let json: [UInt8]
        do throws(KubernetesSurroundings.UnreadableYAML) {
            json = try surroundings.json(bytes)
        } catch {
            throw StepFailure(.withoutCredentials, "kubeconfig \(path) is no YAML: \(error.reason)")
        }
        do {
            try config.merge(json: json, folder: String(full[..<(full.lastIndex(of: "/") ?? full.startIndex)]))
        } catch {
            throw StepFailure(.withoutCredentials, "kubeconfig \(path) is not a kubeconfig: \(Self.words(for: error))")
        }
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\(text(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(text(context.codingPath)) has another type than it should"
        default: "it cannot be understood"
        }
    }

    private static func text(_ path: [any CodingKey]) -> String {
        path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
    }
}
