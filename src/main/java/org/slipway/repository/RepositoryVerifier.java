package org.slipway.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.packages.Digest;

/**
 * Checks a repository as the most careful client would: signatures, both catalogues, that they say
 * the same, every package's file against its entry, what packages need, and for which system they
 * are; and where they are there, the files catalogue, what a snapshot says of itself, and the pkg
 * that new machines begin with. Whatever is wrong becomes a finding; the repository may be anybody's.
 */
public final class RepositoryVerifier {
  private static final int MAX_META_BYTES = 1 << 20;
  private static final int MAX_FINDINGS = 1_000;

  private final RepositoryFiles files;
  private final Trust trust;
  private final SignatureCheck signatures;
  private final FolderWatch watch;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, ListedEntry> entries = new TreeMap<>();

  public RepositoryVerifier(RepositoryFiles files, Trust trust, FolderWatch watch) {
    this.files = files;
    this.trust = trust;
    this.signatures = new SignatureCheck(trust);
    this.watch = watch;
  }

  /**
   * What was found.
   *
   * @param packages listed
   * @param bytes of all package files that were read
   * @param abis that packages name, each with how many name it
   * @param findings at most 1,000
   */
  public record Verified(
      int packages, long bytes, Map<String, Integer> abis, List<Finding> findings) {
    public Verified {
      abis = Map.copyOf(abis);
      findings = List.copyOf(findings);
    }

    public boolean sound() {
      return findings.isEmpty();
    }
  }

  /** @throws IOException when the repository cannot be read at all */
  public Verified verify() throws IOException {
    Map<String, String> meta = meta();
    List<Digest> data = new ArrayList<>();
    Optional<Archive> dataArchive = archive(
        meta.getOrDefault("data", "data"),
        text -> ListedEntry.readData(text, entry -> add(entry, data)));
    boolean hasData = dataArchive.isPresent();
    List<Digest> lines = new ArrayList<>();
    boolean hasLines = archive(
            meta.getOrDefault("manifests", "packagesite.yaml"),
            text -> ListedEntry.readLines(text, entry -> {
              lines.add(entry.same());
              if (!hasData) {
                add(entry, data);
              }
            }))
        .isPresent();
    if (!hasData && !hasLines) {
      throw new RepositoryException(files.name() + " is no repository: it has no catalogue");
    }
    if (!hasData) {
      find(
          "data.pkg", "is not there, so that clients from 1.21 on take the slower packagesite.pkg");
    }
    if (hasData && hasLines && !same(data, lines)) {
      find("data.pkg", "lists other packages than packagesite.pkg");
    }
    Map<String, Integer> abis = together();
    FilesCheck contents =
        new FilesCheck(Set.copyOf(entries.keySet()), this::find, archiveFile(filesite(meta)));
    // Of a list that ends too early the rest would be missing, which has been said then.
    boolean hasFiles =
        archive(filesite(meta), contents::read).flatMap(Archive::text).isPresent();
    new SnapshotCheck(files, signatures, this::find)
        .check(dataArchive.orElse(Archive.NONE), entries.values());
    new LatestCheck(files, trust, this::find).check(entries.values());
    long bytes = new PackageCheck(
            files, watch, this::find, hasFiles ? Optional.of(contents) : Optional.empty())
        .check(entries.values());
    return new Verified(entries.size(), bytes, abis, findings);
  }

  /** Where meta.conf does not name it, clients that read it look for the name of 2.8. */
  private static String filesite(Map<String, String> meta) {
    return meta.getOrDefault("filesite", "files");
  }

  /**
   * An archive that was read.
   *
   * @param text its SHA-256; empty where it could not be read to its end
   * @param beside the members that sign it
   */
  record Archive(Optional<Digest> text, Map<String, byte[]> beside) {
    static final Archive NONE = new Archive(Optional.empty(), Map.of());
  }

  private synchronized void find(String where, String message) {
    if (findings.size() < MAX_FINDINGS) {
      findings.add(new Finding(where, message));
    }
  }

  private void add(ListedEntry entry, List<Digest> said) {
    said.add(entry.same());
    if (entries.put(entry.label(), entry) != null) {
      find(entry.label(), "is listed twice");
    }
  }

  private static boolean same(List<Digest> one, List<Digest> other) {
    return one.size() == other.size() && new HashSet<>(one).equals(new HashSet<>(other));
  }

  /** Keys of meta.conf, which pkg writes as UCL and others as JSON. */
  private Map<String, String> meta() throws IOException {
    Map<String, String> found = new HashMap<>();
    Optional<InputStream> conf = files.open("meta.conf");
    if (conf.isEmpty()) {
      find("meta.conf", "is not there");
      return found;
    }
    byte[] bytes;
    try (InputStream in = conf.get()) {
      bytes = in.readNBytes(MAX_META_BYTES + 1);
    }
    if (bytes.length > MAX_META_BYTES) {
      find("meta.conf", "has more than 1 MiB, which clients refuse");
      return found;
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (String key : List.of("version", "data", "manifests", "filesite")) {
      Matcher value = Pattern.compile(
              "(?:^|[\\s{,;])\"?" + key + "\"?\\s*[=:]\\s*\"?([A-Za-z0-9_.-]{1,64})")
          .matcher(text);
      if (value.find()) {
        found.put(key, value.group(1));
      }
    }
    if (!found.getOrDefault("version", "").matches("[12]")) {
      find("meta.conf", "has no version that clients know");
    }
    return found;
  }

  /** A client's address of it is the member's without a suffix. */
  private static String archiveFile(String member) {
    int dot = member.lastIndexOf('.');
    return (dot < 0 ? member : member.substring(0, dot)) + ".pkg";
  }

  /** Empty where there is no such archive. */
  private Optional<Archive> archive(String member, CatalogueArchive.TextReader reader)
      throws IOException {
    String file = archiveFile(member);
    Optional<InputStream> in = files.open(file);
    if (in.isEmpty()) {
      return Optional.empty();
    }
    CatalogueArchive.Digests digests = new CatalogueArchive.Digests(signatures.wantsBlake2());
    try (InputStream archive = in.get()) {
      Map<String, byte[]> beside = CatalogueArchive.read(archive, member, digests, reader);
      signatures.fault(digests, beside).ifPresent(fault -> find(file, fault));
      String sum = HexFormat.of().formatHex(digests.sha256());
      return Optional.of(new Archive(Optional.of(new Digest(sum)), beside));
    } catch (JsonProcessingException e) {
      find(file, "is no JSON: " + e.getOriginalMessage());
    } catch (RepositoryException e) {
      find(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // A damaged archive comes out of the unpacking as this, as a failing line does.
      find(file, "cannot be read: " + e.getMessage());
    }
    return Optional.of(Archive.NONE);
  }

  /** What packages need, and for which system each is. */
  private Map<String, Integer> together() {
    Set<String> names = new HashSet<>();
    Map<String, Integer> abis = new LinkedHashMap<>();
    for (ListedEntry entry : entries.values()) {
      names.add(entry.facts().name());
      abis.merge(AbiRule.of(entry.facts()), 1, Integer::sum);
    }
    String usual = abis.entrySet().stream()
        .filter(each -> each.getKey().indexOf('*') < 0)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("*");
    for (ListedEntry entry : entries.values()) {
      for (String dependency : entry.facts().dependencies()) {
        if (!names.contains(dependency)) {
          find(entry.label(), "needs " + dependency + ", which is not in the repository");
        }
      }
      String abi = AbiRule.of(entry.facts());
      if (abi.isEmpty()) {
        find(entry.label(), "names no ABI");
      } else if (!usual.equals("*") && !AbiRule.fits(abi, usual)) {
        find(
            entry.label(),
            "is for " + abi + " where others are for " + usual
                + ", so that clients refuse the whole repository");
      }
    }
    return abis;
  }
}
