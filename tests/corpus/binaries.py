#!/usr/bin/env python3
"""Writes the binary files of the corpus, with nothing but the standard library.

    python3 tests/corpus/binaries.py

The files are committed; this script says how each came to be. Run `reference.py` after a change.
"""

import bz2
import gzip
import io
import json
import lzma
import marshal
import math
import pickle
import plistlib
import random
import sqlite3
import struct
import tarfile
import tempfile
import wave
import zipfile
import zlib
from pathlib import Path

FILES = Path(__file__).parent / "files"
PROSE = (
    "The harbour lamps went out at four, and nobody had seen the tide come in across the "
    "sandy floor and take the boats up, side by side. "
)


def write(name: str, content: bytes) -> None:
    assert len(content) <= 32 * 1024, name
    (FILES / name).write_bytes(content)


def pixels(width: int, height: int) -> list[tuple[int, int, int]]:
    return [(x * 255 // width, y * 255 // height, (x ^ y) & 255) for y in range(height) for x in range(width)]


def png(width: int = 32, height: int = 24) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rgb = pixels(width, height)
    rows = b"".join(
        b"\0" + b"".join(bytes(pixel) for pixel in rgb[y * width : (y + 1) * width]) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
    )


def gif(side: int = 16) -> bytes:
    palette = bytes(channel for shade in range(0, 256, 2) for channel in (shade, 255 - shade, 128))
    # 8-bit codes, with a clear code often enough that the code size never grows.
    bits, count, data = 0, 0, bytearray()
    codes = []
    for index in range(side * side):
        if index % 100 == 0:
            codes.append(128)
        codes.append(index % 128)
    for code in [*codes, 129]:
        bits |= code << count
        count += 8
        while count >= 8:
            data.append(bits & 255)
            bits >>= 8
            count -= 8
    blocks = b"".join(bytes([len(data[i : i + 255])]) + bytes(data[i : i + 255]) for i in range(0, len(data), 255))
    screen = b"GIF89a" + struct.pack("<HHBBB", side, side, 0xF6, 0, 0) + palette
    image = b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x07" + blocks + b"\0;"
    return screen + image


def bmp(width: int = 24, height: int = 24) -> bytes:
    rows = b"".join(bytes((b, g, r)) for r, g, b in pixels(width, height))
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, len(rows), 2835, 2835, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + info + rows


def ico() -> bytes:
    image = png(16, 16)
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 24, len(image), 22) + image


def tiff(side: int = 16) -> bytes:
    data = b"".join(bytes(pixel) for pixel in pixels(side, side))
    entries = [(256, 3, 1, side), (257, 3, 1, side), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 2)]
    entries += [(273, 4, 1, 8), (277, 3, 1, 3), (278, 3, 1, side), (279, 4, 1, len(data))]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + b"\0\0\0\0"


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(
            b"".join(struct.pack("<h", int(9000 * math.sin(i * 440 * math.tau / 8000))) for i in range(3000))
        )
    return out.getvalue()


def midi() -> bytes:
    notes = b"".join(bytes([0, 0x90, note, 96, 96, 0x80, note, 0]) for note in (60, 62, 64, 65, 67, 69, 71, 72) * 6)
    track = b"\0\xff\x51\x03\x07\xa1\x20" + notes + b"\0\xff\x2f\0"
    return b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96) + b"MTrk" + struct.pack(">I", len(track)) + track


def zipped(entries: dict[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, (2024, 3, 1, 8, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


OFFICE = "http://schemas.openxmlformats.org"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def office(main: str, content_type: str, body: str, more: dict[str, bytes]) -> bytes:
    types = (
        f'{XML}<Types xmlns="{OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    )
    relations = (
        f'{XML}<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="{main}"/></Relationships>'
    )
    parts = {"[Content_Types].xml": types.encode(), "_rels/.rels": relations.encode(), main: (XML + body).encode()}
    return zipped({**parts, **more})


def docx() -> bytes:
    paragraphs = "".join(f"<w:p><w:r><w:t>{number}. {PROSE}</w:t></w:r></w:p>" for number in range(20))
    return office(
        "word/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{paragraphs}</w:body></w:document>',
        {"word/styles.xml": b"<w:styles/>", "word/settings.xml": b"<w:settings/>", "docProps/app.xml": b"<Properties/>"},
    )


def xlsx() -> bytes:
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>{r * 7}</v></c><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 40))
    sheet = f'{XML}<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    return office(
        "xl/workbook.xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        f'<workbook xmlns="{OFFICE}/spreadsheetml/2006/main"><sheets><sheet name="Tides" sheetId="1"/></sheets></workbook>',
        {"xl/worksheets/sheet1.xml": sheet.encode(), "xl/styles.xml": b"<styleSheet/>", "xl/sharedStrings.xml": b"<sst/>"},
    )


def pptx() -> bytes:
    slide = f'{XML}<p:sld xmlns:p="{OFFICE}/presentationml/2006/main"><p:cSld><p:spTree/></p:cSld></p:sld>'
    return office(
        "ppt/presentation.xml",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
        f'<p:presentation xmlns:p="{OFFICE}/presentationml/2006/main"/>',
        {f"ppt/slides/slide{number}.xml": slide.encode() for number in range(1, 6)},
    )


def odt() -> bytes:
    kind = "application/vnd.oasis.opendocument.text"
    body = "".join(f"<text:p>{PROSE}</text:p>" for _ in range(20))
    return zipped(
        {
            "mimetype": kind.encode(),
            "content.xml": f"{XML}<office:document-content>{body}</office:document-content>".encode(),
            "styles.xml": b"<office:document-styles/>",
            "meta.xml": b"<office:document-meta/>",
            "META-INF/manifest.xml": f'<manifest:manifest><manifest:file-entry manifest:media-type="{kind}"/></manifest:manifest>'.encode(),
        },
        stored=("mimetype",),
    )


def epub() -> bytes:
    chapter = f"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{PROSE * 8}</p></body></html>"
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": b"<container><rootfiles><rootfile full-path='OEBPS/content.opf'/></rootfiles></container>",
            "OEBPS/content.opf": b"<package><metadata/><manifest/><spine/></package>",
            **{f"OEBPS/chapter{number}.xhtml": chapter.encode() for number in range(1, 5)},
        },
        stored=("mimetype",),
    )


def jar() -> bytes:
    manifest = b"Manifest-Version: 1.0\r\nCreated-By: 17.0.9\r\nMain-Class: org.example.Main\r\n\r\n"
    classes = {f"org/example/{name}.class": java_class(name) for name in ("Main", "Account", "Bank", "Entry")}
    return zipped({"META-INF/": b"", "META-INF/MANIFEST.MF": manifest, **classes})


def java_class(name: str = "Main") -> bytes:
    def utf8(text: str) -> bytes:
        return b"\x01" + struct.pack(">H", len(text)) + text.encode()

    pool = [
        b"\x0a\0\x03\0\x04",
        b"\x07\0\x05",
        b"\x07\0\x06",
        b"\x0c\0\x07\0\x08",
        utf8(f"org/example/{name}"),
        utf8("java/lang/Object"),
        utf8("<init>"),
        utf8("()V"),
        utf8("Code"),
        utf8("LineNumberTable"),
        utf8("SourceFile"),
        utf8(f"{name}.java"),
    ]
    code = b"\0\x01\0\x01\0\0\0\x05\x2a\xb7\0\x01\xb1\0\0\0\x01\0\x0a\0\0\0\x06\0\x01\0\0\0\x01"
    method = b"\0\x01\0\x07\0\x08\0\x01\0\x09" + struct.pack(">I", len(code)) + code
    return (
        b"\xca\xfe\xba\xbe\0\0\0\x3d" + struct.pack(">H", len(pool) + 1) + b"".join(pool)
        + b"\0\x21\0\x02\0\x03\0\0\0\0\0\x01" + method + b"\0\x01\0\x0b\0\0\0\x02\0\x0c"
    )


def tar(mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=tarfile.USTAR_FORMAT) as archive:
        for number in range(3):
            entry = tarfile.TarInfo(f"tides/{number}.txt")
            body = (PROSE * 3).encode()
            entry.size, entry.mtime, entry.uname, entry.gname = len(body), 1709280000, "pilot", "harbour"
            archive.addfile(entry, io.BytesIO(body))
    return out.getvalue()


def sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tides.db"
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA page_size = 1024")
            database.execute("CREATE TABLE tides (harbour TEXT, at TEXT, metres REAL)")
            rows = [("north", f"2024-03-{day:02d}", day / 7) for day in range(1, 29)]
            database.executemany("INSERT INTO tides VALUES (?, ?, ?)", rows)
        database.close()
        return path.read_bytes()


def pdf() -> bytes:
    text = b"BT /F1 12 Tf 72 720 Td (The harbour lamps went out at four.) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def wasm() -> bytes:
    """`(module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))`"""

    def section(identity: int, body: bytes) -> bytes:
        return bytes([identity, len(body)]) + body

    return (
        b"\0asm\x01\0\0\0"
        + section(1, b"\x01\x60\x02\x7f\x7f\x01\x7f")
        + section(3, b"\x01\x00")
        + section(7, b"\x01\x03add\x00\x00")
        + section(10, b"\x01\x07\x00\x20\x00\x20\x01\x6a\x0b")
        + section(0, b"\x04name\x01\x06\x01\x00\x03add")
    )


def elf() -> bytes:
    """A whole x86-64 program: `exit(0)`."""
    code = b"\xb8\x3c\0\0\0\x31\xff\x0f\x05"
    base, header = 0x400000, 64 + 56
    identity = b"\x7fELF\x02\x01\x01" + b"\0" * 9
    start = struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, base + header, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    program = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, header + len(code), header + len(code), 0x1000)
    return identity + start + program + code + b"\0" * 512 + b"\0.text\0.data\0.shstrtab\0GCC: (GNU) 13.2.0\0"


def portable_executable() -> bytes:
    stub = b"\x0e\x1f\xba\x0e\0\xb4\x09\xcd!\xb8\x01L\xcd!This program cannot be run in DOS mode.\r\r\n$"
    dos = (b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8".ljust(60, b"\0") + struct.pack("<I", 128) + stub).ljust(128, b"\0")
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 2, 0x65E18000, 0, 0, 240, 0x22)
    optional = struct.pack("<HBBIIIII", 0x20B, 14, 38, 512, 512, 0, 0x1000, 0x1000) + struct.pack("<QII", 0x140000000, 4096, 512)
    optional = (optional + struct.pack("<HHHHHHIIIIHH", 6, 0, 0, 0, 6, 0, 0, 0x3000, 512, 0, 3, 0x8160)).ljust(240, b"\0")
    sections = b"".join(
        name.ljust(8, b"\0") + struct.pack("<IIIIIIHHI", 512, 0x1000 * n, 512, 512 * n, 0, 0, 0, 0, flags)
        for n, (name, flags) in enumerate(((b".text", 0x60000020), (b".rdata", 0x40000040)), 1)
    )
    text = b"\x48\x83\xec\x28\x31\xc9\xff\x15\xf2\x0f\0\0\xcc".ljust(512, b"\xcc")
    data = b"KERNEL32.dll\0ExitProcess\0GetModuleHandleA\0".ljust(512, b"\0")
    return (dos + coff + optional + sections).ljust(512, b"\0") + text + data


def pcap() -> bytes:
    packet = bytes.fromhex("ffffffffffff0242ac1100020806000108000604000102 42ac110002ac110002000000000000ac110001")
    records = b"".join(struct.pack("<IIII", 1709280000 + n, n, len(packet), len(packet)) + packet for n in range(20))
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1) + records


def npy() -> bytes:
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (64,), }".ljust(117) + b"\n"
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header + struct.pack("<64d", *(n / 7 for n in range(64)))


def torrent() -> bytes:
    pieces = bytes(random.Random(7).randrange(256) for _ in range(200))
    return (
        b"d8:announce35:udp://tracker.example.org:1337/ann013:creation datei1709280000e4:infod6:lengthi163840e"
        b"4:name9:tides.csv12:piece lengthi16384e6:pieces200:" + pieces + b"ee"
    )


def long_program() -> bytes:
    """More than two blocks, so that beginning and end do not overlap."""
    functions = "".join(
        f"    /// Rounds to the nearest multiple of {n}.\n    pub fn round_{n}(value: u64) -> u64 {{\n"
        f"        let rest = value % {n};\n        if rest * 2 >= {n} {{ value - rest + {n} }} else {{ value - rest }}\n    }}\n\n"
        for n in range(2, 90)
    )
    return f"//! Rounding.\n\npub struct Rounding;\n\nimpl Rounding {{\n{functions}}}\n".encode()


def main() -> None:
    chance = random.Random(20240301)
    write("gradient.png", png())
    write("gradient.gif", gif())
    write("gradient.bmp", bmp())
    write("gradient.ico", ico())
    write("gradient.tiff", tiff())
    write("tone.wav", wav())
    write("scale.mid", midi())
    write("prose.zip", zipped({f"prose-{n}.txt": PROSE.encode() for n in range(4)}))
    write("prose.tar", tar())
    write("prose.tar.gz", gzip.compress(tar(), mtime=0))
    write("prose.bz2", bz2.compress((PROSE * 20).encode()))
    write("prose.xz", lzma.compress((PROSE * 20).encode()))
    write("prose.zlib", zlib.compress(bytes(chance.choice(b"etaoin shrdlu") for _ in range(3000)), 9))
    write("letter.docx", docx())
    write("tides.xlsx", xlsx())
    write("talk.pptx", pptx())
    write("letter.odt", odt())
    write("book.epub", epub())
    write("bank.jar", jar())
    write("Main.class", java_class())
    write("tides.sqlite", sqlite())
    write("letter.pdf", pdf())
    write("add.wasm", wasm())
    write("exit.elf", elf())
    write("exit.exe", portable_executable())
    write("arp.pcap", pcap())
    write("sevenths.npy", npy())
    write("tides.torrent", torrent())
    write("tides.pickle", pickle.dumps({"north": [1.5, 1.6], "south": [0.4, -0.2], "note": PROSE}, protocol=4))
    write("tides.bplist", plistlib.dumps({"north": [1.5, 1.6], "note": PROSE, "open": True}, fmt=plistlib.FMT_BINARY))
    write("tides.plist", plistlib.dumps({"north": [1.5, 1.6], "note": PROSE, "open": True}))
    notebook = {"cells": [{"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [], "source": ["1 + 1"]}]}
    notebook |= {"metadata": {"kernelspec": {"language": "python", "name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
    write("sum.ipynb", json.dumps(notebook, indent=1).encode())
    write("marshalled", b"\xa7\r\r\n" + b"\0" * 12 + marshal.dumps(compile("import math\nprint(math.tau)\n", "tau.py", "exec")))
    write("random-bytes", chance.randbytes(2048))
    write("random-letters", bytes(chance.choice(b"abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(2048)))
    write("zeroes", b"\0" * 4096)
    write("rounding.rs", long_program())


if __name__ == "__main__":
    main()
