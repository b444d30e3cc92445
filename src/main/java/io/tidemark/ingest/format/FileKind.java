package io.tidemark.ingest.format;

import io.tidemark.ingest.row.DecodeFailure;
import io.tidemark.ingest.row.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a file is by its first bytes, for those that are not what a run takes them for. */
final class FileKind {
  /** Bytes that tell. */
  static final int HEAD = 512;

  private static final String UNPACK = "unpack it, or pack it with gzip and name it .gz";
  private static final String CONVERT = "convert it to " + FormatReaders.titles();

  /**
   * @param what as in "is ..."
   * @param advice what to do
   */
  record Found(String what, String advice) {}

  /** Begins with these characters, each standing for a byte, at an offset. */
  private record Magic(int at, String bytes, Found found) {}

  private static final List<Magic> MAGIC =
      List.of(
          packed("\u001f\u008b", "packed with gzip", "name it .gz, or unpack it"),
          packed("BZh", "packed with bzip2", UNPACK),
          packed("\u00fd7zXZ\0", "packed with xz", UNPACK),
          packed("\u0028\u00b5\u002f\u00fd", "packed with zstd", UNPACK),
          packed("\u0004\"M\u0018", "packed with lz4", UNPACK),
          packed("\u00ff\u0006\0\0sNaPpY", "packed with snappy", UNPACK),
          packed("\u001f\u009d", "packed with compress", UNPACK),
          packed("PK\u0003\u0004", "a zip archive", "unpack it, or save a spreadsheet as CSV"),
          packed("7z\u00bc\u00af\u0027\u001c", "a 7z archive", "unpack it"),
          packed("Rar!\u001a", "a rar archive", "unpack it"),
          new Magic(257, "ustar", new Found("a tar archive", "unpack it")),
          packed("ORC", "ORC", CONVERT),
          packed("ARROW1\0", "Arrow (Feather)", CONVERT),
          packed("\u00ff\u00ff\u00ff\u00ff", "an Arrow stream", CONVERT),
          packed("FEA1", "Feather", CONVERT),
          packed("\u0089HDF\r\n", "HDF5", CONVERT),
          packed("SQLite format 3\0", "an SQLite database", "export its table as CSV"),
          new Magic(8, "DUCK", new Found("a DuckDB database", "export its table to Parquet")),
          packed("\u0093NUMPY", "a NumPy array", CONVERT),
          packed("\u00d0\u00cf\u0011\u00e0", "an old spreadsheet", "save it as CSV"),
          packed("%PDF-", "PDF", "give the data it was made of"),
          packed(
              "version https://git-lfs",
              "a pointer of Git LFS and not the file itself",
              "fetch it with git lfs pull"),
          packed("\u00ff\u00fe", "UTF-16 text", "convert it to UTF-8"),
          packed("\u00fe\u00ff", "UTF-16 text", "convert it to UTF-8"),
          packed("\0\0\u00fe\u00ff", "UTF-32 text", "convert it to UTF-8"));

  private static final Pattern HTML = Pattern.compile("\\s*<(!doctype\\s+html|html)\\b.*");
  private static final Pattern ARRAY = Pattern.compile("\\s*\\[\\s*(\\{.*|\\[.*)?");
  private static final Pattern SPREAD = Pattern.compile("\\s*\\{[ \\t]*\\r?\\n.*", Pattern.DOTALL);

  private FileKind() {}

  private static Magic packed(String bytes, String what, String advice) {
    return new Magic(0, bytes, new Found(what, advice));
  }

  /** What no reader reads, or null. */
  static Found foreign(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    for (Magic magic : MAGIC) {
      if (text.startsWith(magic.bytes(), magic.at())) {
        return magic.found();
      }
    }
    boolean wide =
        head.length > 3 && (head[0] == 0 ^ head[1] == 0) && (head[2] == 0 ^ head[3] == 0);
    if (wide && (head[0] == 0) == (head[2] == 0)) {
      return new Found("UTF-16 text", "convert it to UTF-8");
    }
    String lower = unmarked(text).toLowerCase(Locale.ROOT).replace('\n', ' ');
    if (HTML.matcher(lower.replace('\r', ' ')).matches()) {
      return new Found(
          "an HTML page", "download the file itself: the page may say what went wrong");
    }
    return lower.startsWith("<?xml") ? new Found("XML", CONVERT) : null;
  }

  /** What a file is in place of lines of CSV or JSON, or null. */
  static Found notText(byte[] head) {
    Found binary = binary(head);
    return binary != null ? binary : foreign(head);
  }

  /** What JSON a file is in place of lines of objects, or null. */
  static Found notLines(byte[] head) {
    String text = unmarked(new String(head, StandardCharsets.ISO_8859_1));
    if (ARRAY.matcher(text.replace('\n', ' ').replace('\r', ' ')).matches()) {
      return new Found(
          "one JSON array",
          "write one object a line, as pandas does with to_json(orient=\"records\", lines=True) and"
              + " jq with -c '.[]'");
    }
    return SPREAD.matcher(text).matches()
        ? new Found(
            "JSON whose objects are spread over lines",
            "write one object a line, as jq does with -c")
        : null;
  }

  /** Parquet or Avro, or null. */
  private static Found binary(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    String advice = "check events.format and the file's name";
    if (text.startsWith("PAR")
        && head.length > 4
        && (text.charAt(3) == '1' || text.charAt(3) == 'E')) {
      return head[4] < ' ' ? new Found("Parquet", advice) : null;
    }
    return text.startsWith("Obj\u0001") ? new Found("Avro", advice) : null;
  }

  /** What a file is in place of Parquet or Avro, or null: it may be a damaged one. */
  static Found notBinary(byte[] head) {
    Found known = binary(head);
    known = known == null ? foreign(head) : known;
    if (known != null || head.length == 0) {
      return known;
    }
    for (byte b : head) {
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return null;
      }
    }
    boolean json =
        unmarked(new String(head, StandardCharsets.ISO_8859_1)).stripLeading().startsWith("{");
    return new Found(
        json ? "text, perhaps JSON lines" : "text, perhaps CSV",
        "check events.format and the file's name");
  }

  /** A file of the wrong kind says more by its beginning than by what a decoder stumbles over. */
  static void refuseOther(String path, String expected) {
    Found other = notBinary(head(path, false));
    if (other != null && !other.what().equals(expected)) {
      throw new InputException(
          path
              + ": not readable as "
              + expected
              + ": it is "
              + other.what()
              + "; "
              + other.advice());
    }
  }

  /** Without the bytes that say that it is UTF-8. */
  private static String unmarked(String text) {
    return text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
  }

  /**
   * @throws InputException if the file cannot be read
   */
  static byte[] head(String path, boolean gzip) {
    try (InputStream in = TextInput.open(path, gzip, 0)) {
      return in.readNBytes(HEAD);
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + DecodeFailure.reason(e));
    }
  }

  static InputException refused(String path, Found found, String expected) {
    return new InputException(
        path + ": is " + found.what() + ", not " + expected + "; " + found.advice());
  }
}
