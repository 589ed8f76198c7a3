"""A certificate authority that only these checks trust → certificates for hosts."""

import os
import ssl

import trustme


class Authority:
    """Its certificate is in the file `file`, which `SSL_CERT_FILE` may name."""

    def __init__(self, work: str) -> None:
        self.work, self.authority = work, trustme.CA()
        self.file = os.path.join(work, "authority.pem")
        self.authority.cert_pem.write_to_path(self.file)

    def files(self, host: str) -> tuple[str, str]:
        """Returns the names of files with a key and a certificate for a host."""
        key, certificate = os.path.join(self.work, "key.pem"), os.path.join(self.work, "certificate.pem")
        issued = self.authority.issue_cert(host)
        issued.private_key_pem.write_to_path(key)
        issued.cert_chain_pems[0].write_to_path(certificate)
        return key, certificate

    def context(self, host: str) -> ssl.SSLContext:
        """Returns what a server needs to be a host, by HTTP/1.1."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(host).configure_cert(context)
        context.set_alpn_protocols(["http/1.1"])
        return context
