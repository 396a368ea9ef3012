/// Arithmetic on numbers that come from manifests and servers: what does not fit ends at the nearest number that does,
/// so that no input ends the program.
extension FixedWidthInteger where Self: SignedInteger {
    /// The sum, or the nearest number that fits.
    package func plus(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the nearest number that fits.
    package func minus(_ other: Self) -> Self {
        let (difference, overflows) = subtractingReportingOverflow(other)
        return overflows ? (other > 0 ? .min : .max) : difference
    }

    /// The product, or the nearest number that fits.
    package func times(_ other: Self) -> Self {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}

extension Sequence where Element: FixedWidthInteger & SignedInteger {
    /// The sum of all, or the nearest number that fits.
    package var boundedSum: Element { reduce(0) { $0.plus($1) } }
}
