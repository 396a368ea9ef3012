import TestSupport
import Testing

/// One service after the other, and one check after the other: each makes servers and clients work hard.
@Suite("State in services as they are", .serialized)
struct SharedServiceTests {
    @Suite("State in etcd", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"), SharedService.etcd)
    struct EtcdStateTests {
        @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }

    @Suite(
        "State in an etcd of three members, one of which has ended",
        .enabled(if: EtcdServer.isInstalled, "etcd is not installed"), SharedService.etcdCluster)
    struct EtcdClusterStateTests {
        @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }

    @Suite(
        "State in an etcd with users, over TLS", .enabled(if: EtcdServer.isInstalled, "etcd is not installed"),
        SharedService.etcdWithUsers)
    struct EtcdUserStateTests {
        @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }

    /// Without what happens at the same moment: moto looks at a condition and writes in two steps, between which its other
    /// threads may write.
    @Suite("State in moto's S3", .enabled(if: MotoServer.isInstalled, "moto is not installed"), SharedService.moto)
    struct MotoStateTests {
        @Test(
            "it does what every state store has to do",
            arguments: StateStoreConformance.checks.filter { !$0.needsSimultaneousWriters })
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }

    @Suite("State in an S3 that keeps to its reference", SharedService.playedS3)
    struct PlayedS3StateTests {
        @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }

    @Suite("State in Kubernetes", SharedService.kubernetes)
    struct KubernetesStateTests {
        @Test("it does what every state store has to do", arguments: StateStoreConformance.checks)
        func conforms(_ check: StateStoreConformance) async throws {
            try await SharedService.check(check)
        }

        @Test("a ledger goes there and back", arguments: SharedService.Direction.allCases)
        func moves(_ direction: SharedService.Direction) async throws {
            try await SharedService.move(direction)
        }
    }
}
