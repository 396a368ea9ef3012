/// A certificate authority made for tests, a server at `127.0.0.1` and `localhost`, and a client. Valid for a century;
/// nothing else trusts them.
package enum TestAuthority {
    /// The authority, as PEM.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT+gAwIBAgIUIYfbcr42Vu0iaJSAHfdpwhgfL2wwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MDQzNzQ1WhgPMjEy
        NjEwMzEwNDM3NDVaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEWRkw7MLik8H9gLZR8qpOzOV9K5hO361sY0DgfA6U
        ccwix8GGsyQQ5u6zF8yZNHzTACXgpo0GhMk41d+03SjckKNjMGEwHQYDVR0OBBYE
        FAJI5NwuwQU3hoNaH1wDX+vE+NxyMB8GA1UdIwQYMBaAFAJI5NwuwQU3hoNaH1wD
        X+vE+NxyMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49
        BAMCA0cAMEQCIAcDbcGAsioP0QmDTecFIJEjqB7sbodIymOrceJrMJkbAiBYmk2j
        +pKtyybdp90FM21HRigZj9ApNEjqzXku29s/CA==
        -----END CERTIFICATE-----
        """

    /// The server's certificate, as PEM.
    package static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBsDCCAVagAwIBAgIUW1PBQFurvlpBuOBUJgXWG4zre38wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MDQzNzQ1WhgPMjEy
        NjEwMzEwNDM3NDVaMBExDzANBgNVBAMMBnNlcnZlcjBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABGa+2MA2zhCqlwz3Pl/lrp+ZDd6ervig6k5k2DfMvWsrETEvXVJC
        2ODO0CmsJNU7Fah/3i7qqi3jjqUZrEZrcwmjgYEwfzAaBgNVHREEEzARgglsb2Nh
        bGhvc3SHBH8AAAEwEwYDVR0lBAwwCgYIKwYBBQUHAwEwDAYDVR0TAQH/BAIwADAd
        BgNVHQ4EFgQUuJusiAkPXTF2disB9tgZYkv+UmcwHwYDVR0jBBgwFoAUAkjk3C7B
        BTeGg1ofXANf68T43HIwCgYIKoZIzj0EAwIDSAAwRQIhAPS2PYQysnBdRLoqeQVH
        EY7E22PkgRMy9uppauyaEUa3AiBD7u4NZIr4H7Rh+yIgQ1KOoWLnKAH3zkGR7NwV
        dUkM0g==
        -----END CERTIFICATE-----
        """

    /// The server's private key, as PEM (PKCS#8).
    package static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6tPk4v3v41nfET3U
        LjQGzxm2lep5jMvDPN47Cj4hsm2hRANCAARmvtjANs4QqpcM9z5f5a6fmQ3enq74
        oOpOZNg3zL1rKxExL11SQtjgztAprCTVOxWof94u6qot446lGaxGa3MJ
        -----END PRIVATE KEY-----
        """

    /// The client's certificate, as PEM.
    package static let client = """
        -----BEGIN CERTIFICATE-----
        MIIBkzCCATmgAwIBAgIUW1PBQFurvlpBuOBUJgXWG4zre4AwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTI0MDQzNzQ1WhgPMjEy
        NjEwMzEwNDM3NDVaMBExDzANBgNVBAMMBmNsaWVudDBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABLczTtOAjOnoNcsk2h2Kw70TFtmkjxqZMv6auTjfu25VtIjgQ9+Q
        CU1VIJExo+/PWaWDMlya7juQ2yf1QzoCYPGjZTBjMBMGA1UdJQQMMAoGCCsGAQUF
        BwMCMAwGA1UdEwEB/wQCMAAwHQYDVR0OBBYEFFWt/gek3NjB3zDlcuQ6YNF/4akH
        MB8GA1UdIwQYMBaAFAJI5NwuwQU3hoNaH1wDX+vE+NxyMAoGCCqGSM49BAMCA0gA
        MEUCIQCjqzMDJ9XJfBL7bHe83CQ+jyaAkqH3WpCvW7JSCXuk0wIgPKRX6ePNw8Ps
        HyHtf/DUtx8vhhbPhSDkif/V4ZyCUdc=
        -----END CERTIFICATE-----
        """

    /// The client's private key, as PEM (PKCS#8).
    package static let clientKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYDtzrMJHuk0pdigP
        UQiCztz1YiPTivf3MLxgMSgzWnKhRANCAAS3M07TgIzp6DXLJNodisO9ExbZpI8a
        mTL+mrk437tuVbSI4EPfkAlNVSCRMaPvz1mlgzJcmu47kNsn9UM6AmDx
        -----END PRIVATE KEY-----
        """
}
