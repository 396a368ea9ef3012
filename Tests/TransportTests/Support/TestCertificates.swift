/// A certificate authority made for these tests, a server of the name `broker.internal`, and a client. Valid for a
/// century; nothing else trusts them.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBejCCASGgAwIBAgIUMcDO/h7eDMw132f8Tu8KMqBfoXgwCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjMyMzAzNTlaGA8yMTI2MTAzMDIz
        MDM1OVowEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
        A0IABBIXRu89Y2cVbzeKteFmvxVTa4iqMS+wKv4B7oe0WPbMJ+pz1yHvUuuGOYVk
        puCxDpmhgNdvhzsNPtYJJu50MpGjUzBRMB0GA1UdDgQWBBQy7RIZOm9YKG2AjKbO
        JNayooR2KzAfBgNVHSMEGDAWgBQy7RIZOm9YKG2AjKbOJNayooR2KzAPBgNVHRMB
        Af8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIBuTGC/rTelPYyrZ/V/SnmxdwgQV
        z4MXAhgUEGaXXVIGAiBbM0qVIEzWoMjfu5/TCg8cn7//SjAUgpGwcAkgOyQWrQ==
        -----END CERTIFICATE-----
        """

    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBhTCCASugAwIBAgIUEuoqt0HwhDvmn384byQQfYIdlGcwCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjMyMzAzNTlaGA8yMTI2MTAzMDIz
        MDM1OVowETEPMA0GA1UEAwwGc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAEtffAm9cfGw0Fz+piG3HqwCijETnJpuXYM+14r3sBPAwqZdWe0szzwBu2+YNU
        AG+bi0uWgRlzSYImtFAx0dpSMKNeMFwwGgYDVR0RBBMwEYIPYnJva2VyLmludGVy
        bmFsMB0GA1UdDgQWBBSWMGzEb4nQb83wY4cyZTDDG4QNpTAfBgNVHSMEGDAWgBQy
        7RIZOm9YKG2AjKbOJNayooR2KzAKBggqhkjOPQQDAgNIADBFAiBiE1BILz07gCVw
        Wfk+Wntt/sdlhvAXdaPUVbrgMOdXjwIhAJp4XWLV2A9pfwAQ+EtzVWAyfmoRxAlH
        q19QJJ2KLKsc
        -----END CERTIFICATE-----
        """

    static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg0nzhlN70qTHuE9JT
        tL1comXc7nbq997XNeN5X1kOn+2hRANCAAS198Cb1x8bDQXP6mIbcerAKKMROcmm
        5dgz7XivewE8DCpl1Z7SzPPAG7b5g1QAb5uLS5aBGXNJgia0UDHR2lIw
        -----END PRIVATE KEY-----
        """

    static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBfTCCASSgAwIBAgIUEuoqt0HwhDvmn384byQQfYIdlGgwCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjMyMzAzNTlaGA8yMTI2MTAzMDIz
        MDM1OVowETEPMA0GA1UEAwwGY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAEmBIyXqLiH6mRdD6pIEwp/0Q/qAi157NIqVZFFhjliIGtBq0q+0PWeVz4kbsU
        ntrNAQxx7wflWagowopx6UD9PqNXMFUwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYD
        VR0OBBYEFMhW6Q0IeTkBYOdpZQU4IEaaBlAaMB8GA1UdIwQYMBaAFDLtEhk6b1go
        bYCMps4k1rKihHYrMAoGCCqGSM49BAMCA0cAMEQCIGfYpN1Jczx2DbwKBOGpSj+Q
        nVxm3V/4qjqkZmaQW2/xAiBnnOSa555aRy3YJqjJLdW9CF4NIiUvrwMzZfUCehHW
        CA==
        -----END CERTIFICATE-----
        """

    static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgvcJhqBc8GzlmaWXh
        19ghwOJnC80DzWx1PGbx9JLh7E2hRANCAASYEjJeouIfqZF0PqkgTCn/RD+oCLXn
        s0ipVkUWGOWIga0GrSr7Q9Z5XPiRuxSe2s0BDHHvB+VZqCjCinHpQP0+
        -----END PRIVATE KEY-----
        """

    /// `broker.internal`, `*.zone.internal` and the address 127.0.0.1, by its own authority.
    static let addressed = """
        -----BEGIN CERTIFICATE-----
        MIIBszCCAVqgAwIBAgIUDEYNZG12Fnc0zKtoGbbXrFMXZdIwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJYnlhZGRyZXNzMCAXDTI2MTIwMTA5NTA1NFoYDzIxMjYxMTA3
        MDk1MDU0WjAUMRIwEAYDVQQDDAlieWFkZHJlc3MwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQ8LaPR2A/BTHXH+SH67oaDt9FQFtH5O2RkHI95luZKWyhPGI7cy+fG
        6Vv71rXzq/zLhGLdBmC4xgW0BUl2bEgdo4GHMIGEMB0GA1UdDgQWBBSKqEPhJalD
        ActPKHPmPxR5NJnnOjAfBgNVHSMEGDAWgBSKqEPhJalDActPKHPmPxR5NJnnOjAP
        BgNVHRMBAf8EBTADAQH/MDEGA1UdEQQqMCiCD2Jyb2tlci5pbnRlcm5hbIIPKi56
        b25lLmludGVybmFshwR/AAABMAoGCCqGSM49BAMCA0cAMEQCIDhN5iLFccjPVXaE
        0tiAJYzCp183sXIVjnO8ar436gSoAiAdHnOlYCOGe/P0zloIEtZTM2mMRc01MW5V
        jtG0ktQPhA==
        -----END CERTIFICATE-----
        """

    static let addressedKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+GJnRIJLGFFmiMeD
        6z9HkroRjcZ3erVSsLv69dOMjNShRANCAAQ8LaPR2A/BTHXH+SH67oaDt9FQFtH5
        O2RkHI95luZKWyhPGI7cy+fG6Vv71rXzq/zLhGLdBmC4xgW0BUl2bEgd
        -----END PRIVATE KEY-----
        """
}
