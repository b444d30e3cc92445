package io.tidemark.profile;

import io.tidemark.flow.WindowKey;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;

/** What comes to a period, by its key: a window, what is known of it, and its bytes. */
final class PeriodPiece {
  /** A state of one of the period's windows. */
  static final int STATE = 0;

  /** A revision of what was found in one of the period's windows. */
  static final int FOUND = 1;

  /** A state of a window of the period before. */
  static final int BEFORE = 2;

  /** What another stage has found in the period; its window is the period itself. */
  static final int TOLD = 3;

  static final KvCoder<WindowKey, KV<WindowKey, KV<Integer, byte[]>>> CODER =
      KvCoder.of(
          new WindowKey.KeyCoder(),
          KvCoder.of(new WindowKey.KeyCoder(), KvCoder.of(VarIntCoder.of(), ByteArrayCoder.of())));

  private PeriodPiece() {}

  static KV<WindowKey, KV<WindowKey, KV<Integer, byte[]>>> of(
      long periodStart, WindowKey window, int kind, byte[] bytes) {
    return KV.of(window.ofAll().at(periodStart), KV.of(window, KV.of(kind, bytes)));
  }
}
