# SPDX-License-Identifier: EUPL-1.2
"""An XMP packet: the marks of a file, as programs that know nothing of ours look for them.

`Iptc4xmpExt:DigitalSourceType` is IPTC's property; PDF and sound carry the same packet.
"""

from __future__ import annotations

from assistant.provenance import Mark
from guardrails.writable import writable
from ui.export.package import escape, quoteattr

_SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="r"?>'


def xmp_packet(mark: Mark, *, title: str, words: str, tool: str = "Greffier") -> bytes:
    """Return the packet of a file; `words` is the sentence that says that a machine made it."""
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _SPACES.items())
    proof = mark.proof
    held = " ".join(filter(None, (proof.origin, proof.record)))
    identifier = f"<dc:identifier>{escape(held)}</dc:identifier>" if held else ""
    packet = (
        f'{_BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {spaces}>'
        f'<rdf:Description rdf:about="" xmp:CreatorTool={quoteattr(tool)} '
        f"Iptc4xmpExt:DigitalSourceType={quoteattr(mark.source.uri)}>"
        f"<dc:title>{_in_any_language(title)}</dc:title>"
        f"<dc:description>{_in_any_language(words)}</dc:description>{identifier}"
        f"</rdf:Description></rdf:RDF></x:xmpmeta>{_END}"
    )
    return writable(packet).encode()


def _in_any_language(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
