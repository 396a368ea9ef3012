"""Reads what is published in AWS through boto3, as an application would.

usage: aws_client.py URL SECRET PATH   prints the secret's members and the parameters below the path, as JSON
"""

import json
import sys

import boto3

url, secret, path = sys.argv[1:4]
settings = {"region_name": "eu-west-1", "endpoint_url": url, "aws_access_key_id": "a", "aws_secret_access_key": "b"}
value = boto3.client("secretsmanager", **settings).get_secret_value(SecretId=secret, VersionStage="AWSCURRENT")["SecretString"]
pages = boto3.client("ssm", **settings).get_paginator("get_parameters_by_path")
parameters = {
    item["Name"][len(path) + 1 :]: [item["Type"], item["Value"]]
    for page in pages.paginate(Path=path, WithDecryption=True)
    for item in page["Parameters"]
}
print(json.dumps({"secret": json.loads(value), "parameters": parameters}))
