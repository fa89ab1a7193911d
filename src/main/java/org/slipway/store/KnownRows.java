package org.slipway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.ForeignBinary;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildKey;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;

/** The table of packages by build key, inside a transaction of the caller's. */
final class KnownRows {
  /** Of a row that may have no package. */
  static final String BUILT = "p.name AS built_name, p.origin, p.abi, p.sum AS built_sum,"
      + " p.payload, p.size_bytes, p.flat_size_bytes, p.shlibs_provided,"
      + " p.foreign_binaries";

  private static final String KNOWN =
      "p.key_digest AS known_key, p.spec AS known_spec, p.key_parts, p.took_millis, p.cpu_millis,"
          + " p.peak_memory_bytes, " + BUILT;

  private static final int MOST_FOREIGN = 100;
  private static final int PATH_LIMIT = 1_000;

  private KnownRows() {}

  /** Keeps a package; one that is kept already stays, and counts as the newest of its key. */
  static void keep(Handle handle, KnownPackage known, Instant now) {
    BuiltPackage built = known.built();
    String key = known.key().digest().hex();
    int there = handle
        .createUpdate("UPDATE packages SET made_at = :now WHERE key_digest = :key AND sum = :sum")
        .bind("now", now.toEpochMilli())
        .bind("key", key)
        .bind("sum", built.sum().hex())
        .execute();
    if (there == 0) {
      handle
          .createUpdate("INSERT INTO packages (key_digest, sum, spec, key_parts, name, origin, abi,"
              + " payload, size_bytes, flat_size_bytes, shlibs_provided, foreign_binaries, took_millis,"
              + " cpu_millis, peak_memory_bytes, made_at)"
              + " VALUES (:key, :sum, :spec, :parts, :name, :origin, :abi, :payload, :size, :flat,"
              + " :shlibs, :foreign, :took, :cpu, :memory, :now)")
          .bind("key", key)
          .bind("sum", built.sum().hex())
          .bind("spec", known.spec().toString())
          .bind("parts", Texts.json(known.key().parts()))
          .bind("name", built.name().toString())
          .bind("origin", built.origin().toString())
          .bind("abi", built.abi().toString())
          .bind("payload", built.payload().hex())
          .bind("size", built.sizeBytes())
          .bind("flat", built.flatSizeBytes())
          .bind("shlibs", Texts.json(built.shlibsProvided()))
          .bind("foreign", Texts.json(foreign(built)))
          .bind("took", known.took().toMillis())
          .bind("cpu", known.cpu().map(Duration::toMillis).orElse(null))
          .bind("memory", boxed(known.peakMemoryBytes()))
          .bind("now", now.toEpochMilli())
          .execute();
    }
  }

  static Inventory inventory(Handle handle, JobName job) {
    Map<Digest, KnownPackage> byKey = new HashMap<>();
    Map<String, KnownPackage> byKeyAndSum = new HashMap<>();
    handle
        .createQuery("SELECT " + KNOWN + " FROM packages p ORDER BY p.made_at, p.sum")
        .map((row, context) -> Map.entry(row.getString("known_key"), known(row)))
        .forEach(each -> {
          byKey.put(new Digest(each.getKey()), each.getValue());
          byKeyAndSum.put(each.getKey() + each.getValue().built().sum(), each.getValue());
        });
    Map<OriginSpec, KnownPackage> latest = new HashMap<>();
    handle
        .createQuery("SELECT r.spec, r.key_digest, r.sum FROM build_packages r JOIN"
            + " (SELECT n.spec, MAX(n.build) AS build FROM build_packages n"
            + " JOIN builds b ON b.number = n.build"
            + " WHERE b.job = :job AND n.sum IS NOT NULL GROUP BY n.spec) newest"
            + " ON newest.build = r.build AND newest.spec = r.spec")
        .bind("job", job.name())
        .map((row, context) ->
            Map.entry(row.getString("spec"), row.getString("key_digest") + row.getString("sum")))
        .forEach(each -> {
          KnownPackage known = byKeyAndSum.get(each.getValue());
          if (known != null) {
            latest.put(OriginSpec.parse(each.getKey()), known);
          }
        });
    return new Inventory(byKey, latest);
  }

  /** Those of the packages that a build's rows speak of and this table has not. */
  static List<String> missing(Handle handle, BuildId build) {
    return handle
        .createQuery("SELECT r.spec FROM build_packages r LEFT JOIN packages p"
            + " ON p.key_digest = r.key_digest AND p.sum = r.sum"
            + " WHERE r.build = :build AND r.sum IS NOT NULL AND p.sum IS NULL")
        .bind("build", build.number())
        .mapTo(String.class)
        .list();
  }

  private static KnownPackage known(ResultSet row) throws SQLException {
    return new KnownPackage(
        OriginSpec.parse(row.getString("known_spec")),
        new BuildKey(Texts.map(row.getString("key_parts"))),
        built(row).orElseThrow(),
        Duration.ofMillis(row.getLong("took_millis")),
        duration(row, "cpu_millis"),
        number(row, "peak_memory_bytes"));
  }

  static Optional<Duration> duration(ResultSet row, String column) throws SQLException {
    OptionalLong millis = number(row, column);
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  static OptionalLong number(ResultSet row, String column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
  }

  static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? (Long) number.getAsLong() : null;
  }

  /** From a row that has {@link #BUILT}. */
  static Optional<BuiltPackage> built(ResultSet row) throws SQLException {
    @Nullable String name = row.getString("built_name");
    if (name == null) {
      return Optional.empty();
    }
    Abi abi = Abi.parse(row.getString("abi"));
    return Optional.of(new BuiltPackage(
        PackageName.parse(name),
        Origin.parse(row.getString("origin")),
        abi,
        new Digest(row.getString("built_sum")),
        new Digest(row.getString("payload")),
        row.getLong("size_bytes"),
        row.getLong("flat_size_bytes"),
        Texts.list(row.getString("shlibs_provided")),
        Texts.map(row.getString("foreign_binaries")).entrySet().stream()
            .map(each -> new ForeignBinary(each.getKey(), each.getValue(), abi))
            .toList()));
  }

  /** The first of them by path: a port that gets its target wrong gets it wrong in every file. */
  private static Map<String, String> foreign(BuiltPackage built) {
    Map<String, String> foreign = new TreeMap<>();
    built.foreign().stream()
        .sorted(Comparator.comparing(ForeignBinary::path))
        .limit(MOST_FOREIGN)
        .forEach(each -> foreign.put(
            Texts.clean(each.path(), PATH_LIMIT), Texts.clean(each.what(), PATH_LIMIT)));
    return foreign;
  }
}
