A run of 131 equal bytes was written as a token that does not fit into a byte, and
the packed stream could not be unpacked again. The longest run is 130.

tarn_packed() looked at five bytes even if there were fewer of them.

--- tarn.h.orig
+++ tarn.h
@@ -15,7 +15,7 @@
 #define TARN_MAGIC "TARN1"
 #define TARN_HEADER 13
 #define TARN_RUN_MIN 3
-#define TARN_RUN_MAX 131
+#define TARN_RUN_MAX 130
 
 enum tarn_error { TARN_OK, TARN_NOMEM, TARN_FOREIGN, TARN_SHORT, TARN_DAMAGED };
 
@@ -28,7 +28,7 @@
 
 /* Whether this looks like a packed stream. */
 static inline int tarn_packed(const void *bytes, size_t n) {
-  return n > 0 && memcmp(bytes, TARN_MAGIC, 5) == 0;
+  return n >= TARN_HEADER && memcmp(bytes, TARN_MAGIC, 5) == 0;
 }
 
 #endif
