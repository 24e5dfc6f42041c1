// Makes the small tokenizers of this folder and the ids that an independent implementation gives for texts.
//   npm install @huggingface/tokenizers@0.2.0 && node make.mjs
// Written with node 20 and @huggingface/tokenizers 0.2.0 (Apache-2.0). The vocabularies are learned here from the sentences
// below; nothing in them is from a published model, only the rules are of the same kinds.
import { Tokenizer } from '@huggingface/tokenizers';
import fs from 'fs';

const TEXT = `The cat sees the bird and the dog sees the cat. One and one are two, two and two are four; the answer is 12.
It's said that they've seen it: we'll see. A small house stands near the river, and the river runs to the sea.
Zürich, café, naïve, über, déjà vu. Привет, мир. 你好，世界。 def f(x): return x + 1\n`.repeat(4);

/** Byte pair encoding: joins the most frequent neighbours, the first in order of appearance where several are. */
function merges(words, count) {
  const joined = [];
  for (let n = 0; n < count; n++) {
    const pairs = new Map();
    for (const w of words) for (let i = 0; i + 1 < w.length; i++) {
      const key = w[i] + ' ' + w[i + 1];
      pairs.set(key, (pairs.get(key) || 0) + 1);
    }
    let best = null;
    for (const [key, times] of pairs) if (times > 1 && (best === null || times > pairs.get(best))) best = key;
    if (best === null) break;
    joined.push(best);
    const [a, b] = best.split(' ');
    words = words.map(w => {
      const out = [];
      for (let i = 0; i < w.length; i++) {
        if (i + 1 < w.length && w[i] === a && w[i + 1] === b) { out.push(a + b); i++; } else out.push(w[i]);
      }
      return out;
    });
  }
  return joined;
}

const added = (id, content, special = true) =>
  ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special });
const bytes = Array.from({ length: 256 }, (_, b) => '<0x' + b.toString(16).toUpperCase().padStart(2, '0') + '>');
const template = token => ({
  type: 'TemplateProcessing',
  single: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
  pair: [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } },
    { SpecialToken: { id: token, type_id: 1 } }, { Sequence: { id: 'B', type_id: 1 } }],
});
const vocabulary = (first, pieces) => {
  const vocab = {};
  for (const p of [...first, ...pieces]) if (!(p in vocab)) vocab[p] = Object.keys(vocab).length;
  return vocab;
};
const bpe = (vocab, list, more) => ({ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null,
  end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, vocab, merges: list, ...more });

function sentencepiece(first, text, cut) {
  const words = cut(text).map(w => Array.from(w));
  const letters = new Set(words.flat().filter(c => c < '\u0250' || c === '▁'));
  const list = merges(words.map(w => w.filter(c => letters.has(c))), 150);
  return [vocabulary(first, [...letters, ...list.map(m => m.replace(' ', ''))]), list];
}

function llama() {
  const cut = t => t.replace(/ /g, '▁').split(/(?=▁)/);
  const [vocab, list] = sentencepiece(['<unk>', '<s>', '</s>', ...bytes], '▁' + TEXT, cut);
  return [{ version: '1.0', truncation: null, padding: null,
    added_tokens: [added(0, '<unk>'), added(1, '<s>'), added(2, '</s>')],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' },
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' }] },
    pre_tokenizer: null,
    post_processor: { ...template('<s>'), special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } } },
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' }, { type: 'Fuse' }, { type: 'Strip', content: ' ', start: 1, stop: 0 }] },
    model: bpe(vocab, list, { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }) },
  { tokenizer_class: 'LlamaTokenizer', add_bos_token: true, add_eos_token: false, bos_token: '<s>', eos_token: '</s>' }];
}

function gemma() {
  const cut = t => t.replace(/ /g, '▁').split(/(?<=▁)/);
  const runs = Array.from({ length: 4 }, (_, n) => '▁'.repeat(n + 2));
  const first = ['<pad>', '<eos>', '<bos>', '<unk>', '<start_of_turn>', '<end_of_turn>', ...runs, '\n\n', ...bytes];
  const [vocab, learned] = sentencepiece(first, TEXT, cut);
  const list = ['▁ ▁', '▁▁ ▁▁', '▁▁ ▁', '▁▁▁▁ ▁', ...learned]; // runs of spaces are pieces, as published ones have them
  return [{ version: '1.0', truncation: null, padding: null,
    added_tokens: ['<pad>', '<eos>', '<bos>', '<unk>', '<start_of_turn>', '<end_of_turn>'].map((t, i) => added(i, t))
      .concat([...runs, '\n\n'].map((t, i) => added(6 + i, t, false))),
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    post_processor: { ...template('<bos>'), special_tokens: { '<bos>': { id: '<bos>', ids: [2], tokens: ['<bos>'] } } },
    decoder: { type: 'Sequence', decoders: [{ type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' }, { type: 'Fuse' }] },
    model: bpe(vocab, list, { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }) },
  { tokenizer_class: 'GemmaTokenizer', add_bos_token: true, add_eos_token: false, bos_token: '<bos>', eos_token: '<eos>' }];
}

function qwen() {
  const shown = [];
  let next = 0x100;
  for (let b = 0; b < 256; b++) {
    const printable = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
    shown.push(String.fromCodePoint(printable ? b : next++));
  }
  const regex = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  const js = /'s|'t|'re|'ve|'m|'ll|'d|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+/giu;
  const words = TEXT.normalize('NFC').match(js).map(w => Array.from(new TextEncoder().encode(w), b => shown[b]));
  const list = merges(words, 200);
  const vocab = vocabulary(shown, list.map(m => m.replace(' ', '')));
  const size = Object.keys(vocab).length;
  const specials = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];
  const level = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return [{ version: '1.0', truncation: null, padding: null,
    added_tokens: specials.map((t, i) => added(size + i, t)).concat([added(size + 3, '<think>', false)]),
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [
      { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false }, level] },
    post_processor: level, decoder: level,
    model: bpe(vocab, list, { continuing_subword_prefix: '', end_of_word_suffix: '', ignore_merges: false }) },
  { tokenizer_class: 'Qwen2Tokenizer', add_bos_token: false, bos_token: null, eos_token: '<|im_end|>' }];
}

const texts = ['', 'a', ' ', '  ', '   a', 'a ', '\n', '\n\n', '\t', '\r\n', ' \n ', 'The cat sees the bird', 'The  cat',
  ' The cat', "I'm you're he'S they've we'll", 'Zürich café', 'e\u0301 u\u0308', 'Привет, мир', '你好，世界', '👩‍👩‍👧 🇨🇭',
  'مرحبا', '1234567890 3.14', 'def f(x):\n    return x + 1\n', '<s>', '</s> a', 'a<s>b', '<unk>', '<bos>a<eos>',
  '<start_of_turn>user\nThe cat<end_of_turn>\n', '<|im_start|>user\nThe cat<|im_end|>\n', '<think>', '▁', '▁▁', 'a▁b',
  '     five', 'x\u0000y', '\u200b\u00a0\u3000', 'ﬁ½①', 'river'.repeat(20), ' '.repeat(40), '\u0301', '!?…—“”', 'C:\\a\\b', '<0x41>'];

for (const [name, make] of [['llama', llama], ['gemma', gemma], ['qwen', qwen]]) {
  const [json, config] = make();
  fs.mkdirSync(name, { recursive: true });
  fs.writeFileSync(`${name}/tokenizer.json`, JSON.stringify(json) + '\n');
  fs.writeFileSync(`${name}/tokenizer_config.json`, JSON.stringify(config) + '\n');
  const tokenizer = new Tokenizer(json, config);
  const lines = texts.map(text => JSON.stringify({ text, ids: tokenizer.encode(text, { add_special_tokens: false }).ids,
    prompt_ids: tokenizer.encode(text).ids }));
  fs.writeFileSync(`${name}/ids.jsonl`, lines.join('\n') + '\n');
}
