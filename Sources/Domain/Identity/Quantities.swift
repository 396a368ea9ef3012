extension Duration {
    /// Reads a duration as manifests write it: whole numbers with units, greatest first, each at most once: `30s`,
    /// `7d`, `1h30m`, `500ms`. Units are `ms`, `s`, `m`, `h`, `d` and `w`.
    ///
    /// - Returns: `nil` when the text is no duration, or one that exceeds 64 bits of milliseconds.
    package init?(manifest text: some StringProtocol) {
        var milliseconds: Int64 = 0
        var lastUnit = Int64.max
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[letters.endIndex...]
            guard let number = Int64(digits), let unit = Self.unitMilliseconds[String(letters)], unit < lastUnit else {
                return nil
            }
            lastUnit = unit
            let (product, productOverflows) = number.multipliedReportingOverflow(by: unit)
            let (sum, sumOverflows) = milliseconds.addingReportingOverflow(product)
            guard !productOverflows, !sumOverflows else { return nil }
            milliseconds = sum
        }
        self = .milliseconds(milliseconds)
    }

    private static let unitMilliseconds: [String: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
}

/// Sizes as manifests write them.
package enum ByteCount {
    private static let unitBytes: [String: Int64] = [
        "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000, "KiB": 1 << 10,
        "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// Reads a size: a whole number with a unit, `1GiB`, `500MB`.
    ///
    /// - Returns: Bytes; `nil` when the text is no size, or one that exceeds 64 bits.
    package static func parse(_ text: some StringProtocol) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits), let unit = unitBytes[String(text[digits.endIndex...])] else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: unit)
        return overflows ? nil : product
    }
}
