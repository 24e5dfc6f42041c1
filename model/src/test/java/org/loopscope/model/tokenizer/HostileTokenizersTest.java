package org.loopscope.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loopscope.model.base.LoopscopeException;

/** Files that end the process of the native library, keep it busy or fill the memory: here each is a sentence. */
class HostileTokenizersTest {
    private static final String BPE =
            "{'type':'BPE','unk_token':null,'vocab':{'a':0,'b':1,'ab':2,'x':3,' ':4},'merges':['a b']}";
    private static final String UNIGRAM = "{'type':'Unigram','unk_id':0,'vocab':[['<unk>',0.0],['a',-1.0],['b',-2.0]]}";

    @TempDir
    Path folder;

    private HuggingFaceTokenizer load(String json) throws LoopscopeException {
        try {
            Path file = Files.writeString(folder.resolve("tokenizer.json"), json.replace('\'', '"'));
            return HuggingFaceTokenizer.load(file, new KnownTokenizers(folder.resolve("cache")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String refused(String json) {
        String sentence =
                assertThrows(LoopscopeException.class, () -> load(json)).getMessage();
        assertTrue(sentence.startsWith("tokenizer.json: expected ") && sentence.endsWith("."), sentence);
        assertFalse(sentence.contains("Exception") || sentence.contains("rust"), sentence);
        return sentence;
    }

    private static String file(String parts, String model) {
        String all = "{'version':'1.0'," + parts + (parts.isEmpty() ? "" : ",") + "'model':" + model + "}";
        return parts.contains("'added_tokens'") ? all : all.replace("'version'", "'added_tokens':[],'version'");
    }

    private static String charsmap(String base64) {
        return "'normalizer':{'type':'Precompiled','precompiled_charsmap':'" + base64 + "'}";
    }

    private static String split(String regex) {
        return "'pre_tokenizer':{'type':'Split','pattern':{'Regex':'" + regex
                + "'},'behavior':'Isolated','invert':false}";
    }

    @ParameterizedTest
    @CsvSource({
        "AAAAAAAAAAA=, stands some texts on trial", // at the first text
        "/////w==, can be opened",
        "'', can be opened",
        "BAAAAAEAAAD/AAAA, can be opened",
    })
    void aTableOfCharactersThatIsNone(String base64, String expected) {
        assertTrue(refused(file(charsmap(base64), UNIGRAM)).contains(expected));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"#####, `['a b']`", "#, `['a 🙂b']`"})
    void aPrefixThatIsNotInTheMerges(String prefix, String merges) {
        String model = "{'type':'BPE','continuing_subword_prefix':'" + prefix
                + "','vocab':{'a':0,'b':1,'ab':2,'🙂b':3}," + "'merges':" + merges + "}";
        assertEquals(
                "tokenizer.json: expected a tokenizer that can be opened, found one that breaks down.",
                refused(file("", model)));
    }

    @Test
    void piecesOfNoLength() {
        assertTrue(refused(file("'pre_tokenizer':{'type':'FixedLength','length':0}", BPE))
                .contains("breaks down at the text"));
    }

    @ParameterizedTest
    @CsvSource({"(x+x+)+y", "(\\\\p{L}+)*\\\\d\\\\d\\\\d$", "(.*)(.*)(.*)(.*)\\\\1\\\\2Q", "(((((((((("})
    void expressionsThatTakeForEver(String regex) {
        refused(file(split(regex), BPE));
    }

    @Test
    void aReplacementByAnExpressionThatTakesForEver() {
        refused(file("'normalizer':{'type':'Replace','pattern':{'Regex':'(x+x+)+y'},'content':'z'}", BPE));
    }

    @Test
    void replacementsThatFillTheMemory() {
        String one = "{'type':'Replace','pattern':{'String':'x'},'content':'" + "x".repeat(100) + "'}";
        String five = IntStream.range(0, 5).mapToObj(i -> one).collect(Collectors.joining(","));
        String sentence = refused(file("'normalizer':{'type':'Sequence','normalizers':[" + five + "]}", BPE));
        assertTrue(sentence.contains("found one that takes too ") || sentence.contains("breaks down"), sentence);
    }

    @ParameterizedTest
    @CsvSource({"1000000000", "2"})
    void aDecoderThatStripsMoreThanThereIs(int count) {
        assertTrue(refused(file(
                        "'decoder':{'type':'Strip','content':'a','start':" + count + ",'stop':" + count + "}", BPE))
                .contains("breaks down at the text of"));
    }

    @Test
    void anAddedTokenThatANormalizerTakesAway() {
        refused(file(
                "'added_tokens':[{'id':5,'content':'\u0301','single_word':false,'lstrip':false,'rstrip':false,"
                        + "'normalized':true,'special':true}],'normalizer':{'type':'StripAccents'}",
                BPE));
    }

    @Test
    void aTemplateWithoutThePrompt() {
        refused(file(
                "'post_processor':{'type':'TemplateProcessing','single':[{'Sequence':{'id':'B','type_id':0}}],"
                        + "'pair':[],'special_tokens':{}}",
                BPE));
        refused(file(
                "'post_processor':{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}},"
                        + "{'Sequence':{'id':'A','type_id':0}}],'pair':[],'special_tokens':{}}",
                BPE));
    }

    @Test
    void anExpressionThatStoodItsTrialAndEndsAtALaterTextIsASentenceThereAndTheNextTextIsRead()
            throws LoopscopeException {
        HuggingFaceTokenizer tokenizer = load(file(split("(\\\\x{3a9}+\\\\x{3a9}+)+\\\\x{416}"), BPE));
        assertArrayEquals(new int[] {2, 4, 0}, tokenizer.encode("ab a"));
        String sentence = assertThrows(LoopscopeException.class, () -> tokenizer.encode("Ω".repeat(60) + "!"))
                .getMessage();
        assertTrue(sentence.startsWith("The tokenizer of this model was ended at this text, as one that "), sentence);
        assertArrayEquals(new int[] {2, 4, 0}, tokenizer.encode("ab a"));
        tokenizer.close();
        assertArrayEquals(new int[] {2}, tokenizer.encode("ab"), "a closed one is started again");
        tokenizer.close();
        HuggingFaceTokenizer again = load(file(split("(\\\\x{3a9}+\\\\x{3a9}+)+\\\\x{416}"), BPE));
        assertFalse(again.inThisProcess(), "an expression of its own stays there though it is known");
    }

    @Test
    void truncationAndPaddingThatMakeNoSenseDoNotTouchText() throws LoopscopeException {
        String parts = "'truncation':{'direction':'Right','max_length':0,'strategy':'LongestFirst','stride':9},"
                + "'padding':{'strategy':{'Fixed':1000000000000},'direction':'Right','pad_to_multiple_of':0,'pad_id':0,"
                + "'pad_type_id':0,'pad_token':'a'}";
        for (int i = 0; i < 2; i++) { // in the other process, then in this one
            HuggingFaceTokenizer tokenizer = load(file(parts, BPE));
            assertArrayEquals(new int[] {2, 4, 0}, tokenizer.encode("ab a"));
            tokenizer.close();
        }
    }

    @Test
    void idsThatAreTooLargeForAModelAreTold() throws LoopscopeException {
        String model = "{'type':'WordLevel','unk_token':'u','vocab':{'u':0,'a':4294967295}}";
        HuggingFaceTokenizer tokenizer = load(file("'pre_tokenizer':{'type':'Whitespace'}", model));
        assertEquals(
                "Text: expected token ids of at most 2147483647, found 4294967295.",
                assertThrows(LoopscopeException.class, () -> tokenizer.encode("a"))
                        .getMessage());
        tokenizer.close();
    }

    @Test
    void aKnownTokenizerOfPlainPartsNeedsNoOtherProcess() throws LoopscopeException {
        String json = file("'pre_tokenizer':{'type':'WhitespaceSplit'}", BPE);
        HuggingFaceTokenizer tried = load(json);
        assertFalse(tried.inThisProcess());
        tried.close();
        HuggingFaceTokenizer known = load(json);
        assertTrue(known.inThisProcess());
        assertArrayEquals(new int[] {2, 0}, known.encode("ab a"));
    }

    @Test
    void unknownWordsAreNamedWhateverTheKindOfModel() throws LoopscopeException {
        String words = "'pre_tokenizer':{'type':'WhitespaceSplit'}";
        assertUnknown(
                "rat", file(words, "{'type':'WordLevel','unk_token':'?','vocab':{'cat':0,'dog':1}}"), "cat rat dog");
        assertUnknown(
                "dot",
                file(
                        words,
                        "{'type':'WordPiece','unk_token':'[UNK]','continuing_subword_prefix':'##',"
                                + "'max_input_chars_per_word':100,'vocab':{'do':0,'##g':1}}"),
                "dog dot");
        assertUnknown("z", file(words, "{'type':'Unigram','unk_id':null,'vocab':[['a',-1.0],['b',-2.0]]}"), "ab azb");
        assertUnknown("z", file(words, BPE), "ab azb");
        assertUnknown(
                "z",
                file(
                        "'pre_tokenizer':{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}",
                        "{'type':'BPE','unk_token':null,'vocab':{'▁':0,'a':1},'merges':[]}"),
                "a z");
    }

    private void assertUnknown(String word, String json, String text) throws LoopscopeException {
        HuggingFaceTokenizer tokenizer = load(json);
        assertEquals(
                "The word \"" + word + "\" is not in the vocabulary of this model.",
                assertThrows(LoopscopeException.class, () -> tokenizer.encode(text))
                        .getMessage());
        tokenizer.close();
    }

    @Test
    void addedTokensBehindAVocabularyKeepTheirNumbers() throws LoopscopeException {
        String added = "'added_tokens':[{'id':2,'content':'<|im_start|>','special':true,'single_word':false,"
                + "'lstrip':false,'rstrip':false,'normalized':false}],'pre_tokenizer':{'type':'WhitespaceSplit'}";
        HuggingFaceTokenizer words =
                load(file(added, "{'type':'WordLevel','unk_token':'?','vocab':{'cat':0,'dog':1}}"));
        assertArrayEquals(new int[] {0, 2, 1}, words.encode("cat <|im_start|> dog"));
        words.close();
        HuggingFaceTokenizer letters =
                load(file(added, "{'type':'BPE','unk_token':null,'vocab':{'a':0,'b':1},'merges':[]}"));
        assertArrayEquals(new int[] {0, 2, 1}, letters.encode("a<|im_start|>b"));
        letters.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1\\noid sha256:ab\\nsize 7| found a Git LFS pointer",
                "''| found an empty file",
                "[1]| found none",
                "{'model':{'type':'Nobody'}}| found \"Nobody\"",
            })
    void whatIsNoTokenizer(String content, String found) throws IOException {
        Path file = Files.writeString(
                folder.resolve("tokenizer.json"), content.replace("\\n", "\n").replace('\'', '"'));
        String sentence = assertThrows(LoopscopeException.class, () -> HuggingFaceTokenizer.load(file))
                .getMessage();
        assertTrue(sentence.contains(found), sentence);
    }

    @Test
    void aFolderWhereTheFileShouldBe() throws IOException {
        Path file = Files.createDirectory(folder.resolve("tokenizer.json"));
        String sentence = assertThrows(LoopscopeException.class, () -> HuggingFaceTokenizer.load(file))
                .getMessage();
        assertTrue(sentence.endsWith("found a folder."), sentence);
    }
}
