import Foundation
import Synchronization
import TestSupport
import TextForms

@testable import Bindings

/// The few operations that publishing needs, as AWS documents them, with the faults that no server of tests shows:
/// answers that are lost after their effect, throttling, types that never change.
final class PlayedAWS: Sendable {
    struct Parameter {
        let type: String
        var values: [String]
    }

    struct SecretVersion {
        let id: String
        let text: String
        var stages: Set<String>
    }

    struct State {
        var parameters: [String: Parameter] = [:]
        var versions: [SecretVersion] = []
        var tags: [String: String] = [:]
        /// Operations whose next answer is lost behind their effect.
        var lost: Set<String> = []
        /// How often the next calls are too many.
        var throttled = 0
        /// What is done once, right before the next call of an operation.
        var interruption: (operation: String, deed: @Sendable (inout State) -> Void)?
        var calls: [String] = []
    }

    private let state: Mutex<State>
    /// Parameters on one page.
    private static let page = 10

    init(_ state: State = State()) {
        self.state = Mutex(state)
    }

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func look<Value: Sendable>(_ look: (State) -> Value) -> Value { state.withLock { look($0) } }

    func answer(_ number: Int, _ seen: LocalServer.Seen) -> LocalServer.Answer? {
        let operation = seen.headers["x-amz-target"]?.split(separator: ".").last.map(String.init) ?? ""
        let body = JSONTree(parsing: seen.body) ?? .null
        return state.withLock { state in
            state.calls.append(operation)
            if state.throttled > 0 {
                state.throttled -= 1
                return Self.refusal("ThrottlingException")
            }
            if let interruption = state.interruption, interruption.operation == operation {
                state.interruption = nil
                interruption.deed(&state)
            }
            let answer = Self.perform(operation, body, &state)
            return state.lost.remove(operation) == nil ? answer : .init(status: 500)
        }
    }

    private static func perform(_ operation: String, _ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        switch operation {
        case "GetParametersByPath": parameters(body, state)
        case "GetParameter": parameter(body, state)
        case "PutParameter": put(body, &state)
        case "DeleteParameters": delete(body, &state)
        case "GetSecretValue": secret(state)
        case "DescribeSecret": description(state)
        case "PutSecretValue": putVersion(body, &state)
        case "UpdateSecretVersionStage": moveStage(body, &state)
        case "TagResource": tag(body, &state)
        default: refusal("UnknownOperationException")
        }
    }

    // MARK: Systems Manager

    private static func parameters(_ body: JSONTree, _ state: State) -> LocalServer.Answer {
        let folder = (body["Path"].string ?? "") + "/"
        let names = state.parameters.keys.filter { $0.hasPrefix(folder) }.sorted()
        let start = body["NextToken"].string.flatMap(Int.init) ?? 0
        var answer: [String: JSONTree] = [
            "Parameters": .list(
                names.dropFirst(start).prefix(page).map { name in
                    described(name, state.parameters[name], version: nil)
                })
        ]
        if names.count > start + page { answer["NextToken"] = .text(String(start + page)) }
        return json(answer)
    }

    private static func described(_ name: String, _ parameter: Parameter?, version: Int?) -> JSONTree {
        let values = parameter?.values ?? []
        let version = version ?? values.count
        return .object([
            "Name": .text(name), "Type": .text(parameter?.type ?? ""), "Version": .int(Int64(version)),
            "Value": .text(values[version - 1]),
        ])
    }

    private static func parameter(_ body: JSONTree, _ state: State) -> LocalServer.Answer {
        let parts = (body["Name"].string ?? "").split(separator: ":").map(String.init)
        guard let parameter = state.parameters[parts[0]] else { return refusal("ParameterNotFound") }
        return json(["Parameter": described(parts[0], parameter, version: parts.count > 1 ? Int(parts[1]) : nil)])
    }

    private static func put(_ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        let (name, type) = (body["Name"].string ?? "", body["Type"].string ?? "")
        var parameter = state.parameters[name] ?? Parameter(type: type, values: [])
        if !parameter.values.isEmpty, body["Overwrite"] != .bool(true) { return refusal("ParameterAlreadyExists") }
        if parameter.type != type { return refusal("HierarchyTypeMismatchException") }
        parameter.values.append(body["Value"].string ?? "")
        state.parameters[name] = parameter
        return json(["Version": .int(Int64(parameter.values.count))])
    }

    private static func delete(_ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        let names = body["Names"].items.compactMap(\.string)
        guard names.count <= 10 else { return refusal("ValidationException") }
        for name in names { state.parameters[name] = nil }
        return json([:])
    }

    // MARK: Secrets Manager

    private static func secret(_ state: State) -> LocalServer.Answer {
        guard let current = state.versions.first(where: { $0.stages.contains("AWSCURRENT") }) else {
            return refusal("ResourceNotFoundException")
        }
        return json(["VersionId": .text(current.id), "SecretString": .text(current.text)])
    }

    private static func description(_ state: State) -> LocalServer.Answer {
        guard !state.versions.isEmpty else { return refusal("ResourceNotFoundException") }
        return json(["Tags": .list(state.tags.map { .object(["Key": .text($0), "Value": .text($1)]) })])
    }

    private static func putVersion(_ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        let (id, text) = (body["ClientRequestToken"].string ?? "", body["SecretString"].string ?? "")
        if let known = state.versions.first(where: { $0.id == id }) {
            return known.text == text ? json(["VersionId": .text(id)]) : refusal("ResourceExistsException")
        }
        let stages = Set(body["VersionStages"].items.compactMap(\.string))
        for index in state.versions.indices { state.versions[index].stages.subtract(stages) }
        state.versions.append(SecretVersion(id: id, text: text, stages: stages))
        return json(["VersionId": .text(id)])
    }

    private static func moveStage(_ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        let (from, to) = (body["RemoveFromVersionId"].string, body["MoveToVersionId"].string)
        guard state.moveCurrent(from: from, to: to) else { return refusal("InvalidParameterException") }
        return json([:])
    }

    private static func tag(_ body: JSONTree, _ state: inout State) -> LocalServer.Answer {
        for tag in body["Tags"].items { state.tags[tag["Key"].string ?? ""] = tag["Value"].string }
        return json([:])
    }

    // MARK: Answers

    private static func json(_ members: [String: JSONTree]) -> LocalServer.Answer {
        let encoded = try? JSONEncoder().encode(JSONTree.object(members))
        return .json(encoded.map { String(decoding: $0, as: UTF8.self) } ?? "")
    }

    private static func refusal(_ type: String) -> LocalServer.Answer {
        .json(##"{"__type": "\##(type)", "message": "refused"}"##, status: 400)
    }
}

extension PlayedAWS.State {
    /// Moves AWSCURRENT; only from where it is.
    mutating func moveCurrent(from: String?, to: String?) -> Bool {
        guard let old = versions.firstIndex(where: { $0.id == from && $0.stages.contains("AWSCURRENT") }),
            let new = versions.firstIndex(where: { $0.id == to })
        else { return false }
        versions[old].stages.remove("AWSCURRENT")
        versions[new].stages.insert("AWSCURRENT")
        return true
    }

    /// Somebody else's new version.
    mutating func putCurrent(_ id: String, _ text: String) {
        for index in versions.indices { versions[index].stages.remove("AWSCURRENT") }
        versions.append(PlayedAWS.SecretVersion(id: id, text: text, stages: ["AWSCURRENT"]))
    }
}
