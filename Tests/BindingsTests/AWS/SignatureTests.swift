import Domain
import Testing
import Transport

@testable import Bindings

/// Against the vectors of AWS's published Signature Version 4 test suite.
@Suite("Signatures of requests to AWS")
struct SignatureTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let name: String
        let request: SignableRequest
        let signature: String
        var sessionToken: String?

        var testDescription: String { name }

        init(
            _ name: String, _ method: String, path: String = "/", query: [(name: String, value: String)] = [],
            headers: [(name: String, value: String)] = [], body: String = "", sessionToken: String? = nil,
            _ signature: String
        ) {
            self.name = name
            self.signature = signature
            self.sessionToken = sessionToken
            request = SignableRequest(
                method: method, host: "example.amazonaws.com", path: path, query: query, headers: headers,
                body: Array(body.utf8))
        }
    }

    private static let vectors = [
        Vector("get-vanilla", "GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector("post-vanilla", "POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Vector(
            "get-vanilla-query-order-key-case", "GET", query: [("Param2", "value2"), ("Param1", "value1")],
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Vector(
            "get-unreserved", "GET", path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Vector(
            "get-relative", "GET", path: "/example/..",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            "get-slashes", "GET", path: "//",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            "get-header-value-trim", "GET", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        Vector(
            "post-x-www-form-urlencoded", "POST",
            headers: [("Content-Type", "application/x-www-form-urlencoded")], body: "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        Vector(
            "post-sts-header-before", "POST",
            sessionToken: "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQW==",
            "3a5bafe996ee98e3b0eb985f0cae32b8a6d5c2937ce51f8b9b6a2ee2f19d9eac"),
        // As botocore signs them.
        Vector(
            "path of UTF-8", "GET", path: "/%E1%88%B4",
            "697b34846207a3f72246f99d74ae1ee4fe54f44bb06730c58a0d339eb079596d"),
        Vector(
            "path with a space", "GET", path: "/example%20space/",
            "446b817944c553435b35e813c261ff4e161fff982d1bacdef1c87f6785dd1662"),
        Vector(
            "name of UTF-8", "GET", query: [("\u{1234}", "bar")],
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ]

    @Test("are those of the published vectors", arguments: vectors)
    func vector(_ vector: Vector) {
        let credentials = AWSCredentials(
            accessKey: "AKIDEXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            sessionToken: vector.sessionToken.map(Secret.init))
        let headers = SignatureV4(
            credentials: credentials, region: "us-east-1", service: "service", moment: "20150830T123600Z"
        ).headers(signing: vector.request)
        #expect(headers["Authorization"]?.hasSuffix("Signature=\(vector.signature)") == true)
        #expect(
            headers["Authorization"]?.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=")
                == true)
        #expect(headers["X-Amz-Security-Token"] == vector.sessionToken)
    }

    /// The examples of *Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk*.
    @Test("of requests to S3 are those of its reference")
    func objects() {
        let signer = SignatureV4(
            credentials: AWSCredentials(
                accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")),
            region: "us-east-1", service: "s3", moment: "20130524T000000Z")
        let host = "examplebucket.s3.amazonaws.com"
        let get = signer.headers(
            signing: SignableRequest(method: "GET", host: host, path: "/test.txt", headers: [("Range", "bytes=0-9")]))
        #expect(
            get["X-Amz-Content-SHA256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            get["Authorization"]?.hasSuffix("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41") == true)
        let put = signer.headers(
            signing: SignableRequest(
                method: "PUT", host: host, path: "/test%24file.text",
                headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
                body: Array("Welcome to Amazon S3.".utf8)))
        #expect(
            put["Authorization"]?.hasSuffix("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd") == true)
    }
}
