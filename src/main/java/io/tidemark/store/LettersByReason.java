package io.tidemark.store;

import io.tidemark.schema.DeadLetter;
import java.util.Comparator;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** How many of a model's letters give a reason, and the first of them by source and position. */
public final class LettersByReason
    extends PTransform<
        PCollection<KV<String, DeadLetter>>,
        PCollection<KV<String, KV<String, KV<Long, DeadLetter>>>>> {
  private static final long serialVersionUID = 1;

  public static final KvCoder<String, KV<Long, DeadLetter>> CODER =
      KvCoder.of(
          StringUtf8Coder.of(), KvCoder.of(VarLongCoder.of(), RecordCoder.of(DeadLetter.class)));

  private static final Comparator<DeadLetter> BY_PLACE =
      Comparator.comparing(DeadLetter::getSource)
          .thenComparingLong(DeadLetter::getPosition)
          .thenComparing(DeadLetter::getDetail);

  @Override
  public PCollection<KV<String, KV<String, KV<Long, DeadLetter>>>> expand(
      PCollection<KV<String, DeadLetter>> letters) {
    return letters
        .apply("ByReason", MapElements.via(new ByReason()))
        .setCoder(
            KvCoder.of(
                KvCoder.of(StringUtf8Coder.of(), StringUtf8Coder.of()), CODER.getValueCoder()))
        .apply("CountLetters", Combine.perKey(new Sum()))
        .apply("ByModel", MapElements.via(new ByModel()))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), CODER));
  }

  private static final class ByModel
      extends SimpleFunction<
          KV<KV<String, String>, KV<Long, DeadLetter>>,
          KV<String, KV<String, KV<Long, DeadLetter>>>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<String, KV<String, KV<Long, DeadLetter>>> apply(
        KV<KV<String, String>, KV<Long, DeadLetter>> reason) {
      return KV.of(reason.getKey().getKey(), KV.of(reason.getKey().getValue(), reason.getValue()));
    }
  }

  private static final class ByReason
      extends SimpleFunction<KV<String, DeadLetter>, KV<KV<String, String>, KV<Long, DeadLetter>>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<KV<String, String>, KV<Long, DeadLetter>> apply(KV<String, DeadLetter> ofModel) {
      DeadLetter letter = ofModel.getValue();
      DeadLetter place = new DeadLetter();
      place.setReason(letter.getReason());
      place.setDetail(letter.getDetail());
      place.setSource(letter.getSource());
      place.setPosition(letter.getPosition()); // the row itself may be large
      return KV.of(KV.of(ofModel.getKey(), letter.getReason()), KV.of(1L, place));
    }
  }

  /** In any order. */
  static final class Sum extends Combine.BinaryCombineFn<KV<Long, DeadLetter>> {
    private static final long serialVersionUID = 1;

    @Override
    public KV<Long, DeadLetter> apply(KV<Long, DeadLetter> left, KV<Long, DeadLetter> right) {
      boolean isFirst = BY_PLACE.compare(left.getValue(), right.getValue()) <= 0;
      return KV.of(left.getKey() + right.getKey(), isFirst ? left.getValue() : right.getValue());
    }
  }
}
