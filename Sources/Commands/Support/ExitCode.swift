import Execution

/// The exit codes of Spillway, not those of the argument parser.
typealias ExitCode = Execution.ExitCode
