package io.tidemark.event;

import io.tidemark.event.InferenceEvent.TrustedLabel;
import io.tidemark.stats.Hash128;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The label of each id, looked up in the bytes that the join packed: 32 bytes a label, and no
 * second copy; of trusted sources all of an id's, for the latest stands, and of further sources
 * what they say first, 20 bytes each. Ids are spread over partitions by the first bits of their
 * hash, and sorted in each.
 */
public final class LabelTable {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int ENTRY = 32;

  /** An entry's number and a time, in ascending order. */
  private static final int DISPUTE = 12;

  /** An entry's number, a time and a value, in ascending order of the first two. */
  private static final int TRUSTED = 20;

  /** An entry's number, a time, a source and a value, in ascending order of the first two. */
  private static final int FURTHER = 20;

  /** In place of a source: from that time on there are more than are told apart. */
  private static final int MORE = -1;

  /** Forms of a partition: texts that nobody is named for, numbers, and texts by source. */
  private static final byte TEXTS = 0;

  private static final byte NUMBERS = 1;
  private static final byte BY_SOURCE = 2;

  private static final int GUESSES = 4;

  /** No id of the table. */
  public static final long NONE = -1;

  private final Partition[] partitions;
  private final int bits;
  private final boolean numeric;
  private final String[] values;

  /** One partition's bytes and where its parts begin. */
  private static final class Partition {
    final byte[] packed;
    final int number;
    final int bits;
    final boolean numeric;
    final String[] values;
    final int entries;
    final int first;
    final int disputes;
    final int firstDispute;
    final int trusted;
    final int firstTrusted;
    final boolean bySource;
    final String[] sources;
    final int further;
    final int firstFurther;

    /** Codes of its values in the table's. */
    int[] codes;

    Partition(byte[] packed) {
      this.packed = packed;
      ByteBuffer in = ByteBuffer.wrap(packed);
      number = in.getInt();
      bits = in.getInt();
      byte form = in.get();
      numeric = form == NUMBERS;
      bySource = form == BY_SOURCE;
      values = texts(in);
      disputes = in.getInt();
      firstDispute = in.position();
      in.position(firstDispute + disputes * DISPUTE);
      trusted = in.getInt();
      firstTrusted = in.position();
      in.position(firstTrusted + trusted * TRUSTED);
      sources = bySource ? texts(in) : new String[] {""};
      further = bySource ? in.getInt() : 0;
      firstFurther = in.position();
      in.position(firstFurther + further * FURTHER);
      entries = in.getInt();
      first = in.position();
    }

    private static String[] texts(ByteBuffer in) {
      String[] texts = new String[in.getInt()];
      for (int i = 0; i < texts.length; i++) {
        byte[] utf8 = new byte[in.getInt()];
        in.get(utf8);
        texts[i] = new String(utf8, StandardCharsets.UTF_8);
      }
      return texts;
    }

    /** Who gave an entry's label. */
    String source(int entry) {
      return bySource ? sources[(int) (word(entry, 3) >>> 32)] : "";
    }

    /** The place of the first label of further sources that is of this entry, or a later one. */
    int further(int entry) {
      int from = 0;
      int to = further;
      while (from < to) {
        int middle = (from + to) >>> 1;
        if ((int) INT.get(packed, firstFurther + middle * FURTHER) < entry) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return from;
    }

    /** Whether a label of further sources is of this entry. */
    boolean isFurther(int at, int entry) {
      return at < further && (int) INT.get(packed, firstFurther + at * FURTHER) == entry;
    }

    long disputedSince(int entry) {
      int from = 0;
      int to = disputes;
      while (from < to) {
        int middle = (from + to) >>> 1;
        int at = firstDispute + middle * DISPUTE;
        int disputed = (int) INT.get(packed, at);
        if (disputed == entry) {
          return (long) LONG.get(packed, at + 4);
        }
        if (disputed < entry) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      return Long.MAX_VALUE;
    }

    /** Where the latest trusted label of an entry is, of those up to a time; -1: none. */
    int trusted(int entry, long upTo) {
      int from = 0;
      int to = trusted;
      while (from < to) { // the first that is of a later entry, or later
        int middle = (from + to) >>> 1;
        int at = firstTrusted + middle * TRUSTED;
        int of = (int) INT.get(packed, at);
        if (of < entry || (of == entry && (long) LONG.get(packed, at + 4) <= upTo)) {
          from = middle + 1;
        } else {
          to = middle;
        }
      }
      int at = firstTrusted + (from - 1) * TRUSTED;
      return from > 0 && (int) INT.get(packed, at) == entry ? at : -1;
    }

    long word(int entry, int word) {
      return (long) LONG.get(packed, first + entry * ENTRY + word * 8);
    }

    /** Where an id stands, or -1. Hashes are spread evenly, so a guess is seldom far off. */
    int find(long high, long low) {
      int from = 0;
      int to = entries;
      double least = 0;
      double most = 0x1p53;
      double wanted = place(high);
      for (int guess = 0; from < to; guess++) {
        double share = (wanted - least) / (most - least);
        int middle =
            guess < GUESSES && share >= 0 && share <= 1
                ? from + (int) (share * (to - from - 1))
                : (from + to) >>> 1;
        int order = compare(middle, high, low);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          from = middle + 1;
          least = place(word(middle, 0));
        } else {
          to = middle;
          most = place(word(middle, 0));
        }
      }
      return -1;
    }

    private double place(long high) {
      return (high << bits) >>> 11;
    }

    private int compare(int entry, long high, long low) {
      int order = Long.compareUnsigned(word(entry, 0), high);
      return order != 0 ? order : Long.compareUnsigned(word(entry, 1), low);
    }
  }

  private LabelTable(Partition[] partitions, int bits, boolean numeric, String[] values) {
    this.partitions = partitions;
    this.bits = bits;
    this.numeric = numeric;
    this.values = values;
  }

  /** A table of what {@link Builder}s packed, in any order. */
  public static LabelTable of(Iterable<byte[]> packed) {
    Partition[] partitions = new Partition[1];
    int bits = 0;
    boolean numeric = false;
    Map<String, Integer> codes = new HashMap<>();
    List<String> values = new ArrayList<>();
    for (byte[] bytes : packed) {
      Partition partition = new Partition(bytes);
      if (partitions.length == 1) {
        bits = partition.bits;
        partitions = new Partition[1 << bits];
      }
      numeric = partition.numeric;
      partitions[partition.number] = partition;
      partition.codes = new int[partition.values.length];
      for (int i = 0; i < partition.codes.length; i++) {
        Integer known = codes.putIfAbsent(partition.values[i], values.size());
        if (known == null) {
          values.add(partition.values[i]);
        }
        partition.codes[i] = known == null ? values.size() - 1 : known;
      }
    }
    return new LabelTable(partitions, bits, numeric, values.toArray(new String[0]));
  }

  /**
   * A table of these labels: each id has the first of its labels, by {@link LabelRows.Row#ORDER},
   * and those of trusted sources.
   *
   * @param labels in any order; sorted afterwards
   * @param numeric whether labels are numbers
   */
  public static LabelTable of(List<LabelRows.Row> labels, boolean numeric, LabelWait wait) {
    labels.sort(LabelRows.Row.ORDER);
    Builder table = new Builder(0, 0, numeric);
    for (int i = 0; i < labels.size(); ) {
      int end = i + 1;
      while (end < labels.size() && labels.get(end).sameId(labels.get(i))) {
        end++;
      }
      table.add(labels.subList(i, end), wait);
      i = end;
    }
    return of(List.of(table.packed()));
  }

  /** Which of so many partitions, a power of two by its bits, an id belongs to. */
  public static int partition(long high, int bits) {
    return bits == 0 ? 0 : (int) (high >>> (64 - bits));
  }

  /** The place of an id's label, or {@link #NONE}. */
  public long find(Hash128 id) {
    int number = partition(id.high(), bits);
    Partition partition = partitions[number];
    int entry = partition == null ? -1 : partition.find(id.high(), id.low());
    return entry < 0 ? NONE : (long) number << 32 | entry;
  }

  /** When the label was given, microseconds since the epoch. */
  public long time(long place) {
    return partitions[(int) (place >> 32)].word((int) place, 2);
  }

  /** When the first label that says something else was given; {@link Long#MAX_VALUE}: never. */
  public long disputedSince(long place) {
    return partitions[(int) (place >> 32)].disputedSince((int) place);
  }

  public String text(long place) {
    return numeric ? ValueText.of(number(place)) : values[code(place)];
  }

  /** What a trusted source said last up to a time, or null: none did. */
  public TrustedLabel trusted(long place, long upTo) {
    Partition partition = partitions[(int) (place >> 32)];
    int at = partition.trusted == 0 ? -1 : partition.trusted((int) place, upTo);
    if (at < 0) {
      return null;
    }
    long value = (long) LONG.get(partition.packed, at + 12);
    String text =
        numeric
            ? ValueText.of(Double.longBitsToDouble(value))
            : values[partition.codes[(int) value]];
    return new TrustedLabel(text, (long) LONG.get(partition.packed, at + 4));
  }

  /**
   * What sources say of an id, in whatever order they came; null where fewer than two do.
   *
   * @param time of the event, microseconds since the epoch: what was given too late for it is left
   *     out
   * @param own what the log itself says, or null
   */
  SourceLabels sources(long place, long time, String own, LabelWait wait) {
    Partition partition = partitions[(int) (place >> 32)];
    int entry = (int) place;
    int at = partition.further(entry);
    if (numeric || (own == null && !partition.isFurther(at, entry))) {
      return null;
    }
    Map<String, String> said = new TreeMap<>();
    if (own != null) {
      said.put(SourceLabels.LOG, own);
    }
    boolean more = false;
    String first = partition.source(entry);
    if (time(place) <= time + wait.horizon(first)) {
      said.put(first, text(place));
    }
    for (; partition.isFurther(at, entry); at++) {
      int begin = partition.firstFurther + at * FURTHER;
      long given = (long) LONG.get(partition.packed, begin + 4);
      int code = (int) INT.get(partition.packed, begin + 12);
      int value = (int) INT.get(partition.packed, begin + 16);
      if (code == MORE) {
        more |= given <= time + wait.horizon();
        continue;
      }
      String source = partition.sources[code];
      if (given <= time + wait.horizon(source)) {
        said.put(source, values[partition.codes[value]]); // of a trusted one the latest
      }
    }
    if (said.size() < 2) {
      return null;
    }
    List<SourceLabels.Said> all = new ArrayList<>();
    said.forEach((source, label) -> all.add(new SourceLabels.Said(source, label)));
    return new SourceLabels(all, more);
  }

  boolean numeric() {
    return numeric;
  }

  /** The values that labels have, by code; not of numbers. */
  String[] values() {
    return values;
  }

  int code(long place) {
    Partition partition = partitions[(int) (place >> 32)];
    return partition.codes[(int) partition.word((int) place, 3)];
  }

  private double number(long place) {
    return Double.longBitsToDouble(partitions[(int) (place >> 32)].word((int) place, 3));
  }

  /** Packs one partition; ids are to come in ascending order of their hashes. */
  public static final class Builder {
    private final int number;
    private final int bits;
    private final boolean numeric;
    private final Map<String, Integer> codes = new LinkedHashMap<>();
    private final Map<String, Integer> sources = new LinkedHashMap<>(Map.of("", 0));
    private ByteBuffer disputes = ByteBuffer.allocate(DISPUTE * 16);
    private ByteBuffer trusted = ByteBuffer.allocate(TRUSTED * 4);
    private ByteBuffer further = ByteBuffer.allocate(FURTHER * 16);
    private ByteBuffer entries = ByteBuffer.allocate(ENTRY * 64);
    private int count;

    /**
     * @param bits of the number of partitions
     */
    public Builder(int number, int bits, boolean numeric) {
      this.number = number;
      this.bits = bits;
      this.numeric = numeric;
    }

    /**
     * Adds the labels of an id.
     *
     * @param ofId in their order, the first one first
     */
    public void add(List<LabelRows.Row> ofId, LabelWait wait) {
      LabelRows.Row first = ofId.get(0);
      entries = withRoom(entries, ENTRY);
      entries.putLong(first.high()).putLong(first.low()).putLong(first.timeMicros());
      entries.putLong(numeric ? value(first) : (long) source(first) << 32 | value(first));
      long disputedSince = Long.MAX_VALUE;
      long trustedAt = Long.MIN_VALUE;
      for (LabelRows.Row label : ofId) {
        if (!label.says(first)) {
          disputedSince = Math.min(disputedSince, label.timeMicros());
        }
        // Of trusted labels of one time the first stands, as of others.
        if (wait.trusts(label) && label.timeMicros() > trustedAt) {
          trustedAt = label.timeMicros();
          trusted = withRoom(trusted, TRUSTED);
          trusted.putInt(count).putLong(trustedAt).putLong(value(label));
        }
      }
      if (disputedSince != Long.MAX_VALUE) {
        disputes = withRoom(disputes, DISPUTE);
        disputes.putInt(count).putLong(disputedSince);
      }
      if (!numeric) {
        addFurther(ofId, wait);
      }
      count++;
    }

    /** What sources say first, of trusted ones all that may be the latest. */
    private void addFurther(List<LabelRows.Row> ofId, LabelWait wait) {
      Map<String, Long> last = new HashMap<>(); // looked up only
      boolean more = false;
      for (LabelRows.Row label : ofId) {
        Long before = last.get(label.source());
        if (before != null && !(wait.trusts(label) && label.timeMicros() > before)) {
          continue;
        }
        boolean room = before != null || last.size() < SourceLabels.MOST;
        if (room && last.put(label.source(), label.timeMicros()) == null && last.size() == 1) {
          continue; // the entry's own
        }
        if (room || !more) {
          further = withRoom(further, FURTHER);
          further.putInt(count).putLong(label.timeMicros());
          further.putInt(room ? source(label) : MORE).putInt(room ? (int) value(label) : 0);
        }
        more |= !room;
      }
    }

    private int source(LabelRows.Row label) {
      sources.putIfAbsent(label.source(), sources.size());
      return sources.get(label.source());
    }

    private long value(LabelRows.Row label) {
      if (numeric) {
        return Double.doubleToLongBits(label.number());
      }
      codes.putIfAbsent(label.value(), codes.size());
      return codes.get(label.value());
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int bytes) {
      return buffer.remaining() >= bytes
          ? buffer
          : ByteBuffer.allocate(buffer.capacity() * 2).put(buffer.flip());
    }

    private static byte[] packed(Map<String, Integer> texts) {
      List<byte[]> all = new ArrayList<>();
      int size = 4;
      for (String text : texts.keySet()) {
        all.add(text.getBytes(StandardCharsets.UTF_8));
        size += 4 + all.get(all.size() - 1).length;
      }
      ByteBuffer out = ByteBuffer.allocate(size).putInt(all.size());
      all.forEach(text -> out.putInt(text.length).put(text));
      return out.array();
    }

    public byte[] packed() {
      boolean bySource = sources.size() > 1; // nobody is named: then there is nothing to tell
      byte[] values = packed(codes);
      byte[] names = bySource ? packed(sources) : new byte[0];
      int furthers = bySource ? 4 + further.position() : 0;
      int size = 4 + 4 + 1 + 4 + 4 + 4 + values.length + names.length + furthers;
      size += disputes.position() + trusted.position() + count * ENTRY;
      ByteBuffer out = ByteBuffer.allocate(size);
      out.putInt(number).putInt(bits).put(numeric ? NUMBERS : bySource ? BY_SOURCE : TEXTS);
      out.put(values);
      out.putInt(disputes.position() / DISPUTE).put(disputes.flip());
      out.putInt(trusted.position() / TRUSTED).put(trusted.flip());
      if (bySource) {
        out.put(names).putInt(further.position() / FURTHER).put(further.flip());
      }
      out.putInt(count).put(entries.flip());
      return out.array();
    }
  }
}
