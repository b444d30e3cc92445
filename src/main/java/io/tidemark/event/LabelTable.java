package io.tidemark.event;

import io.tidemark.event.InferenceEvent.TrustedLabel;
import io.tidemark.stats.Hash128;
import java.nio.ByteBuffer;
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
  /** No id of the table. */
  public static final long NONE = -1;

  private final LabelPartition[] partitions;
  private final int bits;
  private final boolean numeric;
  private final String[] values;

  private LabelTable(LabelPartition[] partitions, int bits, boolean numeric, String[] values) {
    this.partitions = partitions;
    this.bits = bits;
    this.numeric = numeric;
    this.values = values;
  }

  /** A table of what {@link Builder}s packed, in any order. */
  public static LabelTable of(Iterable<byte[]> packed) {
    LabelPartition[] partitions = new LabelPartition[1];
    int bits = 0;
    boolean numeric = false;
    Map<String, Integer> codes = new HashMap<>();
    List<String> values = new ArrayList<>();
    for (byte[] bytes : packed) {
      LabelPartition partition = new LabelPartition(bytes);
      if (partitions.length == 1) {
        bits = partition.bits;
        partitions = new LabelPartition[1 << bits];
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
    LabelPartition partition = partitions[number];
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
    LabelPartition partition = partitions[(int) (place >> 32)];
    int at = partition.trusted == 0 ? -1 : partition.trusted((int) place, upTo);
    if (at < 0) {
      return null;
    }
    long value = partition.trustedValue(at);
    String text =
        numeric
            ? ValueText.of(Double.longBitsToDouble(value))
            : values[partition.codes[(int) value]];
    return new TrustedLabel(text, partition.time(at));
  }

  /**
   * What sources say of an id, in whatever order they came; null where fewer than two do.
   *
   * @param time of the event, microseconds since the epoch: what was given too late for it is left
   *     out
   * @param own what the log itself says, or null
   */
  SourceLabels sources(long place, long time, String own, LabelWait wait) {
    LabelPartition partition = partitions[(int) (place >> 32)];
    int entry = (int) place;
    if (numeric || (own == null && !partition.hasFurther(entry))) {
      return null;
    }
    Map<String, String> said = new TreeMap<>();
    if (own != null) {
      said.put(SourceLabels.LOG, own);
    }
    String first = partition.source(entry);
    if (time(place) <= time + wait.horizon(first)) {
      said.put(first, text(place));
    }
    boolean[] more = {false};
    partition.forEachFurther(
        entry,
        (given, source, value) -> {
          if (source == null) {
            more[0] |= given <= time + wait.horizon();
          } else if (given <= time + wait.horizon(source)) {
            said.put(source, values[partition.codes[value]]); // of a trusted one the latest
          }
        });
    if (said.size() < 2) {
      return null;
    }
    List<SourceLabels.Said> all = new ArrayList<>();
    said.forEach((source, label) -> all.add(new SourceLabels.Said(source, label)));
    return new SourceLabels(all, more[0]);
  }

  boolean numeric() {
    return numeric;
  }

  /** The values that labels have, by code; not of numbers. */
  String[] values() {
    return values;
  }

  int code(long place) {
    LabelPartition partition = partitions[(int) (place >> 32)];
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
    private ByteBuffer disputes = ByteBuffer.allocate(LabelPartition.DISPUTE * 16);
    private ByteBuffer trusted = ByteBuffer.allocate(LabelPartition.TRUSTED * 4);
    private ByteBuffer further = ByteBuffer.allocate(LabelPartition.FURTHER * 16);
    private ByteBuffer entries = ByteBuffer.allocate(LabelPartition.ENTRY * 64);
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
      entries = withRoom(entries, LabelPartition.ENTRY);
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
          trusted = withRoom(trusted, LabelPartition.TRUSTED);
          trusted.putInt(count).putLong(trustedAt).putLong(value(label));
        }
      }
      if (disputedSince != Long.MAX_VALUE) {
        disputes = withRoom(disputes, LabelPartition.DISPUTE);
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
          further = withRoom(further, LabelPartition.FURTHER);
          further.putInt(count).putLong(label.timeMicros());
          further
              .putInt(room ? source(label) : LabelPartition.MORE)
              .putInt(room ? (int) value(label) : 0);
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
      size += disputes.position() + trusted.position() + count * LabelPartition.ENTRY;
      ByteBuffer out = ByteBuffer.allocate(size);
      out.putInt(number)
          .putInt(bits)
          .put(
              numeric
                  ? LabelPartition.NUMBERS
                  : bySource ? LabelPartition.BY_SOURCE : LabelPartition.TEXTS);
      out.put(values);
      out.putInt(disputes.position() / LabelPartition.DISPUTE).put(disputes.flip());
      out.putInt(trusted.position() / LabelPartition.TRUSTED).put(trusted.flip());
      if (bySource) {
        out.put(names).putInt(further.position() / LabelPartition.FURTHER).put(further.flip());
      }
      out.putInt(count).put(entries.flip());
      return out.array();
    }
  }
}
