"""From an address to a store."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from storage.blobs.folder import FolderBlobs
from storage.blobs.kinds import Blobs
from storage.blobs.s3 import S3Blobs
from storage.errors import BlobsRefused


def open_blobs(
    url: str,
    *,
    endpoint: str = "",
    public_endpoint: str = "",
    region: str = "us-east-1",
    access_key: str = "",
    secret_key: str = "",
    secure: bool = True,
    workspace: Path | None = None,
) -> Blobs:
    """Opens `file:///folder` (made when absent) or `s3://bucket`, whose bucket is made when absent.

    An endpoint is `host:port`, reached by TLS when `secure`, or has its own `http://` or `https://`; it and the region
    may stand in the address too: `s3://bucket?endpoint=http://127.0.0.1:8333&region=x`. Without `public_endpoint`
    there are no signed addresses. Raises BlobsRefused for an address that makes no sense, BlobsUnreachable.
    """
    address = urlsplit(url)
    if address.scheme == "file" and address.netloc in ("", "localhost") and address.path:
        return FolderBlobs(Path(unquote(address.path)))
    if address.scheme != "s3" or not address.netloc:
        raise BlobsRefused("blobs are kept in file:///folder or s3://bucket; the address given is neither")
    said = {name: values[-1] for name, values in parse_qs(address.query).items()}
    inside = said.get("endpoint", endpoint)
    if not inside or not access_key or not secret_key:
        raise BlobsRefused("an S3 store needs an endpoint, an access key and a secret key")
    host, over_tls = _endpoint(inside, secure)
    outside, public_tls = _endpoint(said.get("public_endpoint", public_endpoint), secure)
    try:
        return S3Blobs(
            address.netloc,
            endpoint=host,
            secure=over_tls,
            region=said.get("region", region),
            access_key=access_key,
            secret_key=secret_key,
            public_endpoint=outside or None,
            public_secure=public_tls,
            workspace=workspace,
        )
    except ValueError as error:  # the client's word for a bucket or an endpoint that cannot be
        raise BlobsRefused(f"the S3 store cannot be used as it is named: {error}") from None


def _endpoint(text: str, secure: bool) -> tuple[str, bool]:
    scheme, found, rest = text.partition("://")
    return (rest.rstrip("/"), scheme == "https") if found else (text, secure)
