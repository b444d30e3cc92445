package io.tidemark.snapshot;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.profile.SourceNames;
import io.tidemark.stats.labelissues.AgreementCounts;
import io.tidemark.stats.labelissues.Kappa;
import io.tidemark.stats.labelissues.PairAgreement;

/** How far the sources of a period's labels agree, as a manifest has it: as label quality does. */
record AgreementShown(AgreementCounts counts, SourceNames names) {

  void writeTo(ObjectNode agreement) {
    agreement.put("rows", counts.rows());
    agreement.put("disagreeing_rows", counts.disagreeing());
    agreement.put("decided_rows", counts.decided());
    agreement.put("cut_rows", counts.cut());
    agreement.put("other_pairs", counts.before().otherPairs());
    ArrayNode pairs = agreement.putArray("pairs");
    for (PairAgreement pair : PairAgreement.of(counts)) {
      ObjectNode node =
          pairs
              .addObject()
              .put("first", names.shown(pair.first()))
              .put("second", names.shown(pair.second()))
              .put("rows", pair.rows())
              .put("other_rows", pair.others());
      write(pair.before(), node.putObject("before"));
      write(pair.after(), node.putObject("after"));
    }
  }

  private static void write(Kappa kappa, ObjectNode node) {
    put("agreement", kappa.observed(), node);
    put("kappa", kappa.value(), node);
    put("low", kappa.low(), node);
    put("high", kappa.high(), node);
  }

  private static void put(String name, double value, ObjectNode node) {
    if (Double.isNaN(value)) {
      node.putNull(name);
    } else {
      node.put(name, value);
    }
  }
}
