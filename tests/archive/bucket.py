"""A bucket of S3 on this machine: a real server, spoken to by the real client."""

import logging
import os
from typing import Self

from timeweave.archive.remote_files import RemoteFiles

KEY, SECRET = "key-of-nobody", "secret-of-nobody"


class Bucket:
    """The bucket `timeweave`; with `environment` a process finds it, within `with` this process does as well."""

    def __init__(self) -> None:
        # Here, since it takes long: only who wants a bucket waits for it.
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)

    def __enter__(self) -> Self:
        import boto3
        from s3fs import S3FileSystem

        self._server.start()
        # What this process has kept of an earlier bucket speaks to that one's server.
        S3FileSystem.clear_instance_cache()
        host, port = self._server.get_host_and_port()
        self.environment = {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip
        self._before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        self._s3 = boto3.client("s3")
        self._s3.create_bucket(Bucket="timeweave")
        return self

    def __exit__(self, *_: object) -> None:
        for name, value in self._before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        self._server.stop()

    def files(self, folder: str) -> RemoteFiles:
        """A folder in it."""
        return RemoteFiles.at(f"s3://timeweave/{folder}", "TIMEWEAVE_ARCHIVE")

    def names(self) -> list[str]:
        """Every object that is in it."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket="timeweave")
        return [found["Key"] for page in pages for found in page.get("Contents", [])]
