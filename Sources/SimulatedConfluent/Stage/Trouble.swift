package import SimulatorCore

/// When a scripted fault is at work, in milliseconds since the world began.
package struct FaultWindow: Sendable {
    package var from: Milliseconds?
    package var until: Milliseconds?
    /// Inside the window, at work for the first `length` of every `period`.
    var burst: (period: Milliseconds, length: Milliseconds)?

    package init(_ json: JSON) {
        from = json["fromMs"]?.int
        until = json["untilMs"]?.int
        if let period = json["burst"]?["everyMs"]?.int, period > 0, let length = json["burst"]?["forMs"]?.int {
            burst = (period, length)
        }
    }

    package func isOpen(after elapsed: Milliseconds) -> Bool {
        guard elapsed >= from ?? 0, until.map({ elapsed < $0 }) ?? true else { return false }
        guard let burst else { return true }
        return (elapsed - (from ?? 0)) % burst.period < burst.length
    }
}

/// Something that goes wrong inside a service, as opposed to an answer that is spoilt.
package struct Trouble: Sendable {
    package enum Kind: Sendable {
        /// A mirror does not leave a status; the row's errors say why, if anything does.
        case stuck(MirrorStatus, error: TransitionError?)
        /// ACLs are listed at once and take effect so much later.
        case lateACLs(Milliseconds)
        /// Clocks of a region's servers differ by so much.
        case clockSkew(Milliseconds)
        case taskError(LinkTask, TransitionError)
        /// An exporter fails with a trace while it says that it runs.
        case exporterTrace(String)
    }

    package struct TransitionError: Sendable {
        var code: String
        var message: String

        init?(_ json: JSON?) {
            guard let code = json?["code"]?.string else { return nil }
            self.code = code
            message = json?["message"]?.string ?? code
        }
    }

    private static let selectors = ["region", "cluster", "link", "topic", "registry", "exporter"]

    package let id: Int
    let window: FaultWindow
    package let kind: Kind
    /// What it is about, by kind of object; an object that is not named is any.
    private let objects: [String: String]

    /// Reads a rule of the admin API; `nil` when it describes no trouble.
    package init?(_ json: JSON, id: Int) {
        guard let kind = Self.kind(json) else { return nil }
        self.kind = kind
        self.id = id
        window = FaultWindow(json)
        var objects: [String: String] = [:]
        for selector in Self.selectors { objects[selector] = json[selector]?.string }
        self.objects = objects
    }

    private static func kind(_ json: JSON) -> Kind? {
        switch json["effect"]?.string {
        case "stuck"?:
            json["status"]?.string.flatMap(MirrorStatus.init(rawValue:))
                .map { .stuck($0, error: TransitionError(json["error"])) }
        case "lateACLs"?: json["delayMs"]?.int.map { .lateACLs($0) }
        case "clockSkew"?: json["skewMs"]?.int.map { .clockSkew($0) }
        case "taskError"?:
            if let task = json["task"]?.string.flatMap(LinkTask.init(rawValue:)),
                let error = TransitionError(json["error"])
            {
                .taskError(task, error)
            } else {
                nil
            }
        case "exporterTrace"?: .exporterTrace(json["trace"]?.string ?? "java.lang.RuntimeException: injected")
        default: nil
        }
    }

    func concerns(_ object: [String: String]) -> Bool {
        objects.allSatisfy { selector, name in object[selector] == name }
    }
}
