package org.slipway.poudriere;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.evaluate.Sources;
import org.slipway.jail.HostPipe;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;

/** Brings all to the host that a bulk needs: the script, a commit's tree, what lies over it, the job's settings. */
final class Sending {
  private final BulkSettings settings;
  private final HostScript script;
  private final HostShell shell;

  Sending(BulkSettings settings, HostScript script, HostShell shell) {
    this.settings = settings;
    this.script = script;
    this.shell = shell;
  }

  /** @throws PoudriereException where the host lacks what is needed */
  void send(Sources sources, Order order) throws IOException {
    prepare(order);
    check();
    sendTree("tree", sources.tree());
    List<String> words = new ArrayList<>(
        script.words("settings", settings.etc(), settings.jail(), settings.ports()));
    for (Sources.Overlay each : sources.overlays()) {
      sendTree("overlay." + each.name(), each.checkout());
      words.add(each.name());
    }
    shell.ask(words, PoudriereEngine.SHORT, HostPipe.Input.NOTHING);
  }

  /** The script and the settings' files, in a folder that is made where it is not there. */
  private void prepare(Order order) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("host.sh", HostScript.text());
    BulkFiles.of(settings, order).forEach((name, text) -> files.put("new/" + name, text));
    shell.ask(
        List.of(
            "/bin/sh",
            "-c",
            "umask 022; mkdir -p -- \"$1\" && cd \"$1\" && rm -rf new && exec tar -xf -",
            "sh",
            script.folder()),
        PoudriereEngine.SHORT,
        to -> TarStream.write(to, files));
  }

  private void check() throws IOException {
    String missing = shell
        .ask(
            script.words("check", settings.command(), settings.etc(), settings.jail()),
            PoudriereEngine.SHORT,
            HostPipe.Input.NOTHING)
        .strip();
    if (missing.isEmpty()) {
      return;
    }
    String first = missing.lines().findFirst().orElse("");
    String place = settings.place();
    throw new PoudriereException(
        first.startsWith("command")
            ? place + " has no program " + settings.command()
                + "; install ports-mgmt/poudriere there, or say where it is with command"
            : first.startsWith("conf")
                ? place + " has no poudriere.conf in " + settings.etc()
                    + "; say where it is with etc"
                : place + " has no jail " + settings.jail() + "; make it with poudriere jail -c -j "
                    + settings.jail());
  }

  /** The whole tree, or what differs from the commit whose tree is there. */
  private void sendTree(String name, Checkout checkout) throws IOException {
    String commit = checkout
        .commit()
        .orElseThrow(() -> new IllegalArgumentException("a folder as it stands is no commit"))
        .hex();
    String held = shell
        .ask(script.words("holds", name), PoudriereEngine.SHORT, HostPipe.Input.NOTHING)
        .strip();
    if (held.equals(commit)) {
      return;
    }
    Optional<List<String>> changed =
        held.matches("[0-9a-f]{40}") ? checkout.changedSince(new CommitId(held)) : Optional.empty();
    Path directory = checkout.directory();
    if (changed.isPresent()) {
      List<String> paths = changed.get();
      try {
        shell.ask(
            script.words("forget", name),
            PoudriereEngine.LONG,
            to -> TarStream.names(to, paths, '\0'));
        shell.ask(
            script.words("change", name, commit),
            PoudriereEngine.LONG,
            to -> TarStream.write(to, directory, paths));
        return;
      } catch (PoudriereException e) {
        // Whatever is in the way there: the whole tree takes its place.
      }
    }
    shell.ask(
        script.words("tree", name, commit),
        PoudriereEngine.LONG,
        to -> TarStream.write(to, directory));
  }
}
