package org.slipway.sign;

import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;

/**
 * The elliptic curves whose keys pkg reads, by the names of RFC 5639 and SEC 2
 * ({@code ecc_extract_key_params} in libpkg/pkgsign_ecc.c). NIST's P-256 is not one of them.
 */
final class Curve {
  /** The curve that {@code ecdsa} means to pkg: of keys that it makes itself. */
  static final String DEFAULT = "secp256k1";

  private static final Set<String> KNOWN = Set.of(
      DEFAULT,
      "secp384r1",
      "secp521r1",
      "brainpoolP256r1",
      "brainpoolP256t1",
      "brainpoolP320r1",
      "brainpoolP320t1",
      "brainpoolP384r1",
      "brainpoolP384t1",
      "brainpoolP512r1",
      "brainpoolP512t1");

  private Curve() {}

  /** Empty for a curve that pkg does not read. */
  static Optional<ECNamedDomainParameters> byIdentifier(ASN1ObjectIdentifier identifier) {
    String name = ECNamedCurveTable.getName(identifier);
    return name != null && KNOWN.stream().anyMatch(name::equalsIgnoreCase)
        ? Optional.of(parameters(identifier))
        : Optional.empty();
  }

  /** Letters of either case; {@code pkg key} writes them all in capitals. */
  static Optional<ECNamedDomainParameters> byName(String name) {
    return KNOWN.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .map(ECNamedCurveTable::getOID)
        .map(Curve::parameters);
  }

  /** The name as its standard writes it. */
  static String name(ECNamedDomainParameters curve) {
    String found = ECNamedCurveTable.getName(curve.getName());
    return KNOWN.stream().filter(found::equalsIgnoreCase).findFirst().orElse(found);
  }

  /** Any curve's name or else its number, for a message. */
  static String describe(ASN1ObjectIdentifier identifier) {
    String name = ECNamedCurveTable.getName(identifier);
    return name == null ? identifier.getId() : name;
  }

  private static ECNamedDomainParameters parameters(ASN1ObjectIdentifier identifier) {
    X9ECParameters found = ECNamedCurveTable.getByOID(identifier);
    return new ECNamedDomainParameters(identifier, found);
  }
}
