package org.slipway.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.packages.OriginSpec;

/** Holds an evaluation with a cache beside one from nothing of the same commit. */
final class EvaluationCheck {
  private static final String ABSENT = "(none)";

  private final List<Difference> differences = new ArrayList<>();

  private EvaluationCheck() {}

  static Verification compare(Evaluation kept, Evaluation fresh) {
    EvaluationCheck check = new EvaluationCheck();
    TreeSet<OriginSpec> specs = new TreeSet<>(kept.ports().keySet());
    specs.addAll(fresh.ports().keySet());
    long answers = 0;
    for (OriginSpec spec : specs) {
      answers += check.ports(spec, kept.port(spec), fresh.port(spec));
    }
    check.maps("unevaluable", refusals(kept), refusals(fresh));
    check.maps("finding", findings(kept), findings(fresh));
    check.same("", "wanted ports", kept.wanted(), fresh.wanted());
    return new Verification(specs.size(), answers, check.differences);
  }

  private int ports(OriginSpec spec, Optional<Port> kept, Optional<Port> fresh) {
    if (kept.isEmpty() || fresh.isEmpty()) {
      same(
          spec.toString(),
          "evaluation",
          kept.isPresent() ? "there" : ABSENT,
          fresh.isPresent() ? "there" : ABSENT);
      return 1;
    }
    Port one = kept.get();
    Port other = fresh.get();
    if (!one.equals(other)) {
      String port = spec.toString();
      same(port, "spec", one.spec(), other.spec());
      same(port, "name", one.name(), other.name());
      same(port, "flavors", one.flavors(), other.flavors());
      same(port, "dependencies", one.dependencies(), other.dependencies());
      same(port, "ignore", one.ignore(), other.ignore());
      same(port, "options", one.options(), other.options());
      same(port, "distfiles", one.distfiles(), other.distfiles());
      same(port, "sources", one.sources(), other.sources());
      same(port, "folders", one.folders(), other.folders());
      same(port, "makefiles", one.makefiles(), other.makefiles());
      TreeSet<String> names = new TreeSet<>(one.variables().keySet());
      names.addAll(other.variables().keySet());
      names.forEach(name -> same(port, name, one.variable(name), other.variable(name)));
    }
    return one.variables().size() + one.dependencies().size();
  }

  private void maps(String what, Map<String, String> kept, Map<String, String> fresh) {
    TreeSet<String> names = new TreeSet<>(kept.keySet());
    names.addAll(fresh.keySet());
    for (String name : names) {
      same(name, what, kept.getOrDefault(name, ABSENT), fresh.getOrDefault(name, ABSENT));
    }
  }

  private void same(String port, String what, Object kept, Object fresh) {
    if (!kept.equals(fresh)) {
      differences.add(new Difference(port, what, kept.toString(), fresh.toString()));
    }
  }

  private static Map<String, String> refusals(Evaluation evaluation) {
    Map<String, String> refusals = new TreeMap<>();
    for (Unevaluable each : evaluation.unevaluable()) {
      refusals.merge(each.spec().toString(), each.message(), EvaluationCheck::both);
    }
    return refusals;
  }

  private static Map<String, String> findings(Evaluation evaluation) {
    Map<String, List<String>> findings = new TreeMap<>();
    for (Finding each : evaluation.findings()) {
      findings
          .computeIfAbsent(
              each.port().map(OriginSpec::toString).orElse(""), port -> new ArrayList<>())
          .add(each.message());
    }
    Map<String, String> joined = new TreeMap<>();
    findings.forEach((port, messages) ->
        joined.put(port, String.join("; ", messages.stream().sorted().toList())));
    return joined;
  }

  private static String both(String one, String other) {
    return one + "; " + other;
  }
}
