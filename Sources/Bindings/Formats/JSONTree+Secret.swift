import Domain
import TextForms

extension JSONTree {
    /// The value as a text: a text itself, a number or a truth value; `nil` for anything with parts.
    var scalar: Secret? {
        switch self {
        case .text(let text): Secret(text)
        case .int(let number): Secret(String(number))
        case .double(let number): Secret(String(number))
        case .bool(let flag): Secret(String(flag))
        case .null, .list, .object: nil
        }
    }
}
