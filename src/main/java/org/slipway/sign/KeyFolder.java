package org.slipway.sign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** One name's place in a folder of keys: the key itself, and what clients have to know of it. */
final class KeyFolder {
  private static final int LEAST_BITS = 2048;
  private static final int MOST_BITS = 8192;

  private final Path folder;
  private final String name;

  private KeyFolder(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /** Makes the folder where it is absent, and refuses one in which others may exchange files. */
  static KeyFolder open(Path folder, String name) throws IOException {
    requireName(name);
    prepare(folder);
    return new KeyFolder(folder, name);
  }

  static void requireName(String name) throws KeyFileException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
      throw new KeyFileException("\"" + name + "\" is no key's name; use letters, digits, - and _");
    }
  }

  static void requireBits(int bits) {
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      throw new IllegalArgumentException(
          "an RSA key has " + LEAST_BITS + " to " + MOST_BITS + " bits, not " + bits);
    }
  }

  Path pem() {
    return folder.resolve(name + ".pem");
  }

  Path pub() {
    return folder.resolve(name + ".pub");
  }

  Path trusted() {
    return folder.resolve("fingerprints/trusted").resolve(name);
  }

  /** Opens the key; makes one in RSA where there never was one. */
  Signer keyOrNew(int bits, Passphrase passphrase) throws IOException {
    requireBits(bits);
    if (!Files.exists(pem(), LinkOption.NOFOLLOW_LINKS)) {
      if (Files.exists(pub(), LinkOption.NOFOLLOW_LINKS)) {
        // Clients trust the old key; a new one made in silence would look to them like an attack.
        throw new KeyFileException("the key "
            + pem()
            + " is gone while "
            + name
            + ".pub is still there; put it back from a backup, or remove "
            + pub()
            + " to have a new one made, which every client must then trust");
      }
      KeyPairFile.write(pem(), SigningKey.Rsa.generate(bits), passphrase);
    }
    Signer signer = new KeyFileSigner(KeyPairFile.read(pem(), passphrase));
    tellClients(signer.key());
    return signer;
  }

  /** Puts a new key where nothing of its name is. */
  VerifyingKey create(SigningKey key, Passphrase passphrase) throws IOException {
    for (Path file : List.of(pem(), pub(), trusted())) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw taken(file);
      }
    }
    if (!KeyPairFile.write(pem(), key, passphrase)) {
      throw taken(pem());
    }
    tellClients(key.publicHalf());
    return key.publicHalf();
  }

  void tellClients(VerifyingKey key) throws IOException {
    Files.createDirectories(trusted().resolveSibling(""));
    Files.createDirectories(folder.resolve("fingerprints/revoked"));
    keep(trusted(), key.fingerprintFile().getBytes(StandardCharsets.US_ASCII));
    keep(pub(), key.bytes());
  }

  private static void keep(Path file, byte[] bytes) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      KeyPairFile.writePublic(file, bytes);
    } else if (!Arrays.equals(Files.readAllBytes(file), bytes)) {
      throw new KeyFileException(
          file + " does not belong to the key; remove it to have it written anew");
    }
  }

  private static void prepare(Path folder) throws IOException {
    Set<PosixFilePermission> own = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.toAbsolutePath().resolveSibling(""));
      try {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(own));
      } catch (java.nio.file.FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder)) {
          throw new KeyFileException("the key folder " + folder + " is a file");
        }
      }
    }
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(folder);
    if (found.contains(PosixFilePermission.GROUP_WRITE)
        || found.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new KeyFileException("the key folder "
          + folder
          + " has mode "
          + PosixFilePermissions.toString(found)
          + ", so others may replace the keys; run: chmod 700 "
          + folder);
    }
  }

  private static KeyFileException taken(Path file) {
    return new KeyFileException(
        file + " exists already, and a key is never overwritten; choose another name or folder");
  }
}
