"""Uploads are what their content says, within limits; pictures lose what they tell in secret."""

import io
import struct
import unicodedata
import zipfile
import zlib
from contextlib import nullcontext, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from derman.lib import sniff as module
from derman.lib.sniff import ALLOWED, Damaged, Kind, Refused, clean_name, sniff, strip_location

SECRET = b"41.0082N-28.9784E"
ODT = "application/vnd.oasis.opendocument.text"


def picture(format_: str, size=(48, 32), **options) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def archive(members: dict[str, bytes], compression=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            made.writestr(name, content, compress_type=stored)
    return out.getvalue()


DOCX = archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
XLSX = archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"})
ODT_FILE = archive({"mimetype": ODT.encode(), "content.xml": b"<x/>"})
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200


@pytest.mark.parametrize(
    ("data", "name", "mime", "extension"),
    [
        (PDF, "fatura.pdf", "application/pdf", "pdf"),
        (picture("PNG"), "sayaç.PNG", "image/png", "png"),
        (picture("JPEG"), "IMG_1.JPG", "image/jpeg", "jpg"),
        (picture("JPEG"), "a.b.jpeg", "image/jpeg", "jpg"),
        (picture("WEBP"), "foto.webp", "image/webp", "webp"),
        ("Şikâyetim var.\r\n\tEk.".encode(), "not.txt", "text/plain", "txt"),
        ("\ufeffBOM".encode(), "not.txt", "text/plain", "txt"),
        (DOCX, "dilekçe.docx", f"{module.OFFICE}wordprocessingml.document", "docx"),
        (XLSX, "liste.xlsx", f"{module.OFFICE}spreadsheetml.sheet", "xlsx"),
        (ODT_FILE, "dilekçe.odt", ODT, "odt"),
    ],
)
def test_what_we_take(data, name, mime, extension):
    assert sniff(data, name) == Kind(mime, extension)


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as refused:
        sniff(data, name)
    return refused.value.code


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "boş.txt", "empty"),
        (HEIC, "IMG_1.heic", "not_allowed"),
        (HEIC, "IMG_1.jpg", "not_allowed"),
        (picture("GIF"), "a.gif", "not_allowed"),
        (picture("BMP"), "a.png", "not_allowed"),
        (b"MZ\x90\x00" + b"\x00" * 100, "fatura.pdf", "not_allowed"),
        (b"\x7fELF\x02\x01" + b"\x00" * 100, "a.txt", "not_allowed"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.txt", "not_allowed"),
        (b"  <svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "a.txt", "not_allowed"),
        (b"<?xml version='1.0'?><x/>", "a.txt", "not_allowed"),
        (b"bir\x00iki", "a.txt", "not_allowed"),
        (b"\xff\xfeb\x00i\x00r\x00", "a.txt", "not_allowed"),
        ("şikâyet".encode("iso-8859-9"), "a.txt", "not_allowed"),
        (b"\x1b[2Jx", "a.txt", "not_allowed"),
        (b"junk" + PDF, "a.pdf", "not_allowed"),
        (archive({"a.txt": b"x"}), "a.zip", "not_allowed"),
        (archive({"a.txt": b"x"}), "a.docx", "not_allowed"),
        (archive({"content.xml": b"x", "mimetype": ODT.encode()}), "a.odt", "not_allowed"),
        (PDF, "fatura.png", "wrong_extension"),
        (PDF, "fatura", "wrong_extension"),
        (PDF, "fatura.pdf.exe", "wrong_extension"),
        (DOCX, "a.xlsx", "wrong_extension"),
        (picture("PNG"), "a.jpg", "wrong_extension"),
        (b"only text", "a.csv", "wrong_extension"),
        (picture("PNG")[:20], "a.png", "damaged"),
        (picture("JPEG")[:20], "a.jpg", "damaged"),
        (DOCX[:-10], "a.docx", "damaged"),
    ],
)
def test_what_we_refuse_and_why(data, name, code):
    if code == "not_allowed" and name.endswith(".pdf") and data.startswith(b"junk"):
        assert refusal(data, name) in ("not_allowed", "wrong_extension")
    else:
        assert refusal(data, name) == code


def test_macros_and_programs_in_office_files_are_refused():
    base = {"[Content_Types].xml": b"x", "word/document.xml": b"x"}
    for name in ("word/vbaProject.bin", "setup.exe", "word/embeddings/a.JS"):
        assert refusal(archive({**base, name: b"x"}), "a.docx") == "not_allowed"


def test_encrypted_office_files_are_refused():
    data = bytearray(DOCX)
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert refusal(bytes(data), "a.docx") == "not_allowed"


def test_archives_that_unpack_to_too_much_are_refused():
    base = {"[Content_Types].xml": b"x", "word/document.xml": b"x"}
    many = {f"word/{n}.xml": b"" for n in range(2_001)}
    assert refusal(archive({**base, **many}), "a.docx") == "archive_too_large"
    bomb = archive({**base, "word/media/1.bin": bytes(module.MOST_UNPACKED)})
    assert len(bomb) < 200_000
    assert refusal(bomb, "a.docx") == "archive_too_large"


def chunk(name: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + crc


@pytest.mark.parametrize("side", [7_100, 9_500, 20_000, 2**31 - 1])
def test_pictures_with_too_many_pixels_are_refused_by_their_header(side):
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    assert refusal(bomb, "a.png") == "too_many_pixels"


@settings(max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.txt", "a.docx", ""]))
def test_any_content_is_taken_or_refused_with_a_code(data, name):
    assert outcome(data, name) in {*ALLOWED, *module.Code.__args__}


def outcome(data: bytes, name: str) -> str:
    try:
        return sniff(data, name).mime
    except Refused as refused:
        return refused.code


@given(st.sampled_from([b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]), st.data())
def test_any_content_behind_a_known_beginning_is_handled(begin, data):
    content = begin + data.draw(st.binary(max_size=200))
    assert outcome(content, "a.pdf") in {"application/pdf", *module.Code.__args__}


# Names


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("fatura.pdf", "fatura.pdf"),
        ("Şikâyet dilekçesi (2).docx", "Şikâyet dilekçesi (2).docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Belgeler\\fatura.pdf", "fatura.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u200bb\u0000c\n.txt", "abc.txt"),
        ("ｆａｔｕｒａ．ｐｄｆ", "fatura.pdf"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        (".htaccess", "htaccess"),
        ("a.pdf. . ", "a.pdf"),
        ('a"; filename="b.exe', "a__ filename=_b.exe"),
        ("con.txt", "_con.txt"),
        ("\u2215etc\u2215x", "\u2215etc\u2215x"),
    ],
)
def test_clean_name(name, clean):
    assert clean_name(name) == clean


def test_long_names_keep_their_extension():
    assert clean_name("ş" * 500 + ".docx") == "ş" * 115 + ".docx"
    assert len(clean_name("a." + "b" * 500)) == 120


@given(st.text())
def test_every_name_becomes_a_safe_one_and_stays_so(name):
    clean = clean_name(name)
    assert 1 <= len(clean) <= 120
    assert not set(clean) & set('/\\<>:"|?*;%')
    assert clean == clean.strip(". ")
    assert all(unicodedata.category(letter) not in module.UNSEEN for letter in clean)
    assert clean_name(clean) == clean


# Metadata


def with_gps(format_: str, orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (41.0, 0.0, 29.5)
    options = {"exif": exif}
    if format_ == "JPEG":
        options |= {"comment": SECRET, "quality": 90, "progressive": True}
    if format_ == "PNG":
        notes = PngInfo()
        notes.add_text("Comment", SECRET.decode())
        notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        options["pnginfo"] = notes
    if format_ == "WEBP":
        options |= {"xmp": SECRET, "lossless": True}
    return picture(format_, **options)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_stripped_picture_shows_the_same_and_tells_nothing(format_):
    data = with_gps(format_)
    assert SECRET in data
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)

    stripped = strip_location(
        data + b"\x00\x00\x00\x18ftypmp42" + SECRET, f"image/{format_.lower()}"
    )

    assert SECRET not in stripped
    assert b"Exif" not in stripped
    assert b"EXIF" not in stripped
    image = Image.open(io.BytesIO(stripped))
    assert dict(image.getexif()) == {}
    before = Image.open(io.BytesIO(data)).convert("RGB")
    assert ImageChops.difference(before, image.convert("RGB")).getbbox() is None
    assert strip_location(stripped, f"image/{format_.lower()}") == stripped
    assert sniff(stripped, f"a.{format_.lower()}")


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stays_the_right_way_up(orientation):
    stripped = strip_location(with_gps("JPEG", orientation), "image/jpeg")
    assert dict(Image.open(io.BytesIO(stripped)).getexif()) == {0x0112: orientation}
    assert SECRET not in stripped
    assert strip_location(stripped, "image/jpeg") == stripped


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_stays(format_):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture(format_, icc_profile=profile)
    image = Image.open(io.BytesIO(strip_location(data, f"image/{format_.lower()}")))
    assert image.info["icc_profile"] == profile


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_damaged(format_):
    data = with_gps(format_)
    for length in (13, 40, len(data) // 2, len(data) - 3):
        with pytest.raises(Damaged):
            strip_location(data[:length], f"image/{format_.lower()}")


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
def test_a_changed_picture_is_stripped_or_damaged(format_, data):
    raw = bytearray(with_gps(format_))
    for _ in range(3):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    mime = f"image/{format_.lower()}"
    taken = outcome(bytes(raw), f"a.{format_.lower()}") == mime
    with nullcontext() if taken else suppress(Damaged):
        assert strip_location(bytes(raw), mime)


def test_other_files_are_left_as_they_are():
    assert strip_location(PDF, "application/pdf") == PDF
