extension TestAuthority {
    /// Another authority, as PEM, which knows nothing of the first.
    package static let otherAuthority = """
        -----BEGIN CERTIFICATE-----
        MIIBqDCCAU+gAwIBAgIULz1lKNZ5DiaBgwnJZTmyKvUxKNUwCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWQW5vdGhlciB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjcxMjA3
        MTZaGA8yMTI2MTEwMzEyMDcxNlowITEfMB0GA1UEAwwWQW5vdGhlciB0ZXN0IGF1
        dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKxVWmekWKc+LVPwLC2P
        ON2V1IMFE0LMxJPxb9L/j06+cI4nBOmmPSvstAZMs1PLuof23cefXBFygIHY1F+M
        hqmjYzBhMB0GA1UdDgQWBBRvVN0W/d5D5RmCl5QOUTlEfbUDyTAfBgNVHSMEGDAW
        gBRvVN0W/d5D5RmCl5QOUTlEfbUDyTAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB
        /wQEAwIBBjAKBggqhkjOPQQDAgNHADBEAiB7WjspNKRy/V5rUhlpbHjsKmsyMBE4
        aZOpMGzpN1CuAgIgQtkVu7RLdmrNIItegdXtKbVacuUbmuAYj/xHcFdFNvc=
        -----END CERTIFICATE-----
        """

    /// A certificate of the other authority for one that both serves at `127.0.0.1` and `localhost` and dials, as PEM.
    package static let otherMember = """
        -----BEGIN CERTIFICATE-----
        MIIBwzCCAWmgAwIBAgIUXF8jny0zQ574ehMFrd4e0v+VYXIwCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWQW5vdGhlciB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjcxMjA3
        MTZaGA8yMTI2MTEwMzEyMDcxNlowETEPMA0GA1UEAwwGbWVtYmVyMFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEU06UKB7+RbEHoNFo5kwcVdJqPLXCjLnaK/p+9oMg
        fjLK8sPszID9Qx3xsGWHDKH1L9rMV/Ray2V4peYZ8fOSOaOBjDCBiTAaBgNVHREE
        EzARgglsb2NhbGhvc3SHBH8AAAEwHQYDVR0lBBYwFAYIKwYBBQUHAwEGCCsGAQUF
        BwMCMAwGA1UdEwEB/wQCMAAwHQYDVR0OBBYEFChAch2OfYG8d6aMXA45/meYoo2d
        MB8GA1UdIwQYMBaAFG9U3Rb93kPlGYKXlA5ROUR9tQPJMAoGCCqGSM49BAMCA0gA
        MEUCIQCWT4l8EBbUJBRLibcxq7iUcJYz/1qqsZ308EaOVivCngIgSPuTIJe3mkqC
        oj0m6U4g84c4kItgftVnkIVshJf5S5w=
        -----END CERTIFICATE-----
        """

    /// Its private key, as PEM (PKCS#8).
    package static let otherMemberKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRiRoLt8Ph3dqCiPG
        Or34BnBIVSpZ4RxjTHJyEG3ppbuhRANCAARTTpQoHv5FsQeg0WjmTBxV0mo8tcKM
        udor+n72gyB+Msryw+zMgP1DHfGwZYcMofUv2sxX9FrLZXil5hnx85I5
        -----END PRIVATE KEY-----
        """
}
