package org.slipway.poudriere;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Layer;
import org.slipway.packages.Origin;

/**
 * The settings of a bulk as files of a poudriere.d of its own (poudriere(8), CUSTOMIZATION), and
 * its command line. Pure. The host's poudriere.conf files are read before, its jails and hooks are
 * used; its make.conf, options and blacklists are not, so that what the plan was made with is all
 * there is.
 */
final class BulkFiles {
  /** The list of ports. */
  static final String LIST = "ports.list";

  private BulkFiles() {}

  /** File name to text. */
  static SortedMap<String, String> of(BulkSettings settings, Order order) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put(
        "poudriere.conf",
        sources(
            settings.etc() + "/poudriere.conf", settings.etc() + "/poudriere.d/poudriere.conf"));
    // Of poudriere's configuration files the one that names jail, tree and set is read last.
    String last = settings.masterName() + "-poudriere.conf";
    files.put(last, sources(settings.etc() + "/poudriere.d/" + last) + own(settings, order));
    files.put("make.conf", makeConf(order.request()));
    files.put("blacklist", blacklist(order.request()));
    StringBuilder list = new StringBuilder();
    order.wanted().forEach(spec -> list.append(spec).append('\n'));
    files.put(LIST, list.toString());
    return files;
  }

  private static String sources(String... files) {
    StringBuilder text = new StringBuilder();
    for (String file : files) {
      text.append("if [ -r ").append(file).append(" ]; then . ").append(file).append("; fi\n");
    }
    return text.toString();
  }

  private static String own(BulkSettings settings, Order order) {
    StringBuilder text = new StringBuilder();
    // The farm reads the file that this interval is for; 0 would leave it empty.
    text.append("HTML_JSON_UPDATE_INTERVAL=2\n");
    // The list says which flavors.
    text.append("FLAVOR_DEFAULT_ALL=no\n");
    List<String> boost = Boost.names(order.weights(), settings.boost());
    if (!boost.isEmpty()) {
      text.append("PRIORITY_BOOST=\"${PRIORITY_BOOST:+${PRIORITY_BOOST} }")
          .append(String.join(" ", boost))
          .append("\"\n");
    }
    return text.toString();
  }

  /** The same lines as the evaluation's, options of single ports included. */
  static String makeConf(EvaluationRequest request) {
    SortedSet<String> names = new TreeSet<>();
    for (Origin origin : request.options().keySet()) {
      names.add(origin.category() + "_" + origin.name());
    }
    StringBuilder text = new StringBuilder(request.makeConf());
    names.forEach(name -> text.append(request.optionText(name)));
    return text.toString();
  }

  private static String blacklist(EvaluationRequest request) {
    SortedSet<String> words = new TreeSet<>();
    for (Layer layer : request.layers()) {
      words.addAll(layer.blacklist().words());
    }
    StringBuilder text = new StringBuilder();
    words.forEach(word -> text.append(word).append('\n'));
    return text.toString();
  }

  /**
   * poudriere's own words (poudriere-bulk(8)). Options stand one by one and before all else, for
   * poudriere looks for -j, -p and -z twice, the first time without knowing the others.
   *
   * @param folder the job's on the host
   * @param overlays names of trees that lie over the tree, in the order in which a port is looked
   *     for, which is poudriere's too
   */
  static List<String> command(
      BulkSettings settings, String folder, BuildName build, List<String> overlays) {
    List<String> words = new ArrayList<>(List.of(
        settings.command(),
        "-N",
        "-e",
        folder + "/etc",
        "bulk",
        "-j",
        settings.jail(),
        "-p",
        settings.ports()));
    overlays.forEach(each -> words.addAll(List.of("-O", each)));
    settings.set().ifPresent(set -> words.addAll(List.of("-z", set)));
    settings.jobs().ifPresent(jobs -> words.addAll(List.of("-J", Integer.toString(jobs))));
    words.addAll(List.of("-B", build.text()));
    if (!settings.repository()) {
      words.add("-N");
    }
    words.addAll(List.of("-f", folder + "/etc/poudriere.d/" + LIST));
    return List.copyOf(words);
  }
}
