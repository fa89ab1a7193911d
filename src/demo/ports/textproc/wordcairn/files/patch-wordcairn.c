Two faults: a word at the very end of a text without a newline was not counted,
and words that are equally common came in an order that depended on qsort.

--- wordcairn.c.orig
+++ wordcairn.c
@@ -11,7 +11,8 @@
 
 static int commoner(const void *a, const void *b) {
   const struct word *x = a, *y = b;
-  return x->n < y->n ? 1 : -1;
+  if (x->n != y->n) return x->n < y->n ? 1 : -1;
+  return strcmp(x->text, y->text);
 }
 
 static void count(struct marl_map *words, const char *word) {
@@ -37,6 +38,7 @@
       marl_clear(&word);
     }
   }
+  if (word.len > 0) count(words, word.data);
   n = marl_map_count(words);
   sorted = calloc(n + 1, sizeof *sorted);
   if (sorted == NULL) return 1;
