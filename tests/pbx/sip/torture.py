r"""Messages of RFC 4475 (SIP Torture Test Messages), by the names that they have there.

Bodies of session descriptions are shortened; they are nothing to us. `\xNN` stands for a byte.
"""

from __future__ import annotations

OPTIONS = "OPTIONS sip:user@example.com SIP/2.0"
VIA = "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK.1"
ENDS = "To: sip:j.user@example.com\nFrom: sip:caller@example.net;tag=134161461246"
LEAST = f"{ENDS}\nMax-Forwards: 7\nCall-ID: 1@192.0.2.1\nCSeq: 8 OPTIONS\n{VIA}\nContent-Length: 0\n\n"

VALID = {
    "wsinv": (
        "INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\nTO :\n"
        " sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\n"
        'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\n  ;\n  tag = 98asjd8\n'
        "MaX-fOrWaRdS: 0068\nCall-ID: wsinv.ndaksdj@192.0.2.1\nContent-Length   : 5\ncseq: 0009\n  INVITE\n"
        "Via  : SIP  /   2.0\n /UDP\n    192.0.2.2;branch=390skdjuw\ns :\n"
        "NewFangledHeader:   newfangled value\n continued newfangled value\n"
        "UnknownHeaderWithUnusualValue: ;;,,;;,;\nContent-Type: application/sdp\n"
        "Route:\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\n"
        "v:  SIP  / 2.0  / TCP     spindle.example.com   ;\n  branch  =   z9hG4bK9ikj8  ,\n"
        " SIP  /    2.0   / UDP  192.168.255.111   ; branch=\n z9hG4bK30239\n"
        'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\n      newvalue ;\n'
        "  secondparam ; q = 0.33\n\nv=0\r\n"
    ),
    "esc01": (
        "INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0\nTo: sip:%75se%72@example.com\n"
        "From: <sip:I%20have%20spaces@example.net>;tag=938\nMax-Forwards: 87\ni: esc01.239409asdf\n"
        "CSeq: 234234 INVITE\nVia: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw\nC: application/sdp\n"
        "Contact:\n  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>\nContent-Length: 0\n\n"
    ),
    "lwsdisp": (
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
        "From: caller<sip:caller@example.com>;tag=323\nMax-Forwards: 70\n"
        "Call-ID: lwsdisp.1234abcd@funky.example.com\nCSeq: 60 OPTIONS\n"
        "Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw\nl: 0\n\n"
    ),
    "semiuri": (
        "OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0\nTo: sip:j_user@example.com\n"
        "From: sip:caller@example.org;tag=33242\nMax-Forwards: 3\nCall-ID: semiuri.0ha0isndaksdj\n"
        "CSeq: 8 OPTIONS\nAccept: application/sdp, application/pkcs7-mime\n"
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw\nl: 0\n\n"
    ),
    "transports": (
        "OPTIONS sip:user@example.com SIP/2.0\nTo: sip:user@example.com\n"
        "From: <sip:caller@example.com>;tag=323\nMax-Forwards: 70\nCall-ID:  transports.kijh4akd\n"
        "Accept: application/sdp\nCSeq: 60 OPTIONS\nVia: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw\n"
        "Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf\n"
        "Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en\nl: 0\n\n"
    ),
    "dblreq": f"{OPTIONS}\n{LEAST}INVITE sip:joe@example.com SIP/2.0\nt: x\n\n",
    "unreason": (
        "SIP/2.0 200 = 2**3 * 5**2 \xd0\xbd\xd0\xbe\nVia: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923\n"
        "Call-ID: unreason.1234ksdf\nCSeq: 35 INVITE\nFrom: sip:user@example.com;tag=11141343\n"
        "To: sip:user@example.edu;tag=2229\nContent-Length: 0\n\n"
    ),
    "noreason": (
        "SIP/2.0 100 \nVia: SIP/2.0/UDP 192.0.2.105;branch=z9hG4bK2398ndaoe\n"
        "Call-ID: noreason.asndj203\nCSeq: 35 INVITE\nFrom: <sip:user@example.com>;tag=39ansfi3\n"
        "To: <sip:user@example.edu>;tag=902jndnke3\nContent-Length: 0\n\n"
    ),
    "zeromf": f"{OPTIONS}\n{LEAST.replace('Forwards: 7', 'Forwards: 0')}",
    "longreq": f"{OPTIONS}\nUnknown-{'long' * 20}-Name: {'longvalue' * 300}\n{LEAST}",
    "badbranch": f"{OPTIONS}\n{LEAST.replace('z9hG4bK.1', 'z9hG4bK')}",
    "baddate": f"{OPTIONS}\nDate: Fri, 01 Jan 2010 16:00:00 EST\n{LEAST}",
    "inv2543": f"{OPTIONS}\n{LEAST.replace(';branch=z9hG4bK.1', '')}",
}
"""What is well-formed, or wrong only where we do not look."""

INVALID = {
    "clerr": f"{OPTIONS}\n{LEAST.replace('Length: 0', 'Length: 9999')}",
    "ncl": f"{OPTIONS}\n{LEAST.replace('Length: 0', 'Length: -999')}",
    "scalar02": f"{OPTIONS}\n{LEAST.replace('CSeq: 8', 'CSeq: 36893488147419103232')}",
    "scalarlg": (
        "SIP/2.0 503 Service Unavailable\nVia: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdi\n"
        "CSeq: 9292394834772304023312 OPTIONS\nCall-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r\n"
        "Retry-After: 949302838503028349304023988\nTo: <sip:user@example.com>;tag=2easdjfejw\n"
        "From: <sip:other@example.net>;tag=1\nContent-Length: 0\n\n"
    ),
    "ltgtruri": f"OPTIONS <sip:user@example.com> SIP/2.0\n{LEAST}",
    "lwsruri": f"OPTIONS sip:user@example.com; lr SIP/2.0\n{LEAST}",
    "lwsstart": f"OPTIONS  sip:user@example.com  SIP/2.0\n{LEAST}",
    "trws": f"OPTIONS sip:remote-target@example.com SIP/2.0  \n{LEAST}",
    "badvers": f"OPTIONS sip:t.watson@example.org SIP/7.0\n{LEAST}",
    "mismatch01": f"{OPTIONS}\n{LEAST.replace('8 OPTIONS', '8 INVITE')}",
    "mismatch02": f"NEWMETHOD sip:user@example.com SIP/2.0\n{LEAST}",
    "bigcode": f"SIP/2.0 4294967301 better not break the receiver\n{LEAST}",
    "insuf": "INVITE sip:user@example.com SIP/2.0\nCSeq: 1 INVITE\nVia: SIP/2.0/UDP 192.0.2.95\nl: 0\n\n",
    "unkscm": f"OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0\n{LEAST}",
    "novelsc": f"OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0\n{LEAST}",
    "no end": "OPTIONS sip:user@example.com SIP/2.0\nTo: x",
    "no colon": f"{OPTIONS}\nwhat is this\n{LEAST}",
    "many headers": f"{OPTIONS}\n{'X: 1' + chr(10)}" * 200 + LEAST,
}
"""What is refused as a whole."""


def on_the_wire(message: str) -> bytes:
    """As it is sent; characters stand for bytes."""
    head, _, body = message.partition("\n\n")
    return (head.replace("\n", "\r\n") + "\r\n\r\n" + body).encode("latin-1")
