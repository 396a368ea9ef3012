/// State below a key of an S3 bucket.
package struct S3State: Hashable, Sendable, Codable {
    /// How the bucket encrypts what is written.
    package enum Encryption: String, Hashable, Sendable, Codable {
        /// As it does by default.
        case none
        /// With keys of S3.
        case managedKeys = "AES256"
        /// With a key of AWS KMS.
        case kms = "aws:kms"
    }

    /// Connection of type aws.
    package let connection: String
    package let bucket: String
    /// Prefix of the keys of all objects, without `/` at either end.
    package let key: String
    /// Region of the bucket; `nil` = that of the connection.
    package var region: String?
    /// Whether the bucket stands in the path of URLs, not in the host; `nil` = where the connection names an endpoint.
    package var pathStyle: Bool?
    package var encryption = Encryption.none
    /// Key of AWS KMS; `nil` = the account's own for S3.
    package var kmsKeyID: String?

    package init(connection: String, bucket: String, key: String) {
        self.connection = connection
        self.bucket = bucket
        self.key = key
    }
}
