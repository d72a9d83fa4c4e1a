// nlp.js as a peer of `wegwijzer bench nlu`: the same two steps and files as the Python peers (see ../harness.py).
'use strict';

const fs = require('fs');
const path = require('path');
const { performance } = require('perf_hooks');
const { dockStart } = require('@nlpjs/basic');
const { LangNl } = require('@nlpjs/lang-nl');

const LOCALE = 'nl';
const WARM_UP = 20;
const CANDIDATES = 20;

async function engine() {
  const dock = await dockStart({
    settings: { nlp: { languages: [LOCALE], autoSave: false, autoLoad: false, nlu: { log: false } } },
    use: ['Basic'],
  });
  const nlp = dock.get('nlp');
  nlp.container.use(LangNl);
  nlp.addLanguage(LOCALE);
  return nlp;
}

async function train(sentencesFile, folder) {
  const nlp = await engine();
  for (const [text, intent] of JSON.parse(fs.readFileSync(sentencesFile, 'utf8'))) {
    nlp.addDocument(LOCALE, text, intent);
  }
  await nlp.train();
  fs.writeFileSync(path.join(folder, 'model.nlp'), nlp.export(false));
}

async function predict(messagesFile, folder, answerFile) {
  const nlp = await engine();
  nlp.import(fs.readFileSync(path.join(folder, 'model.nlp'), 'utf8'));
  const messages = JSON.parse(fs.readFileSync(messagesFile, 'utf8'));
  // The locale is given, so that the language guesser stays out; the score is the classifier's own.
  const rank = async (text) =>
    ((await nlp.process(LOCALE, text)).classifications || []).slice(0, CANDIDATES).map(({ intent, score }) => [intent, score]);
  for (let i = 0; i < WARM_UP; i += 1) {
    await rank(`warm ${i}`);
  }
  const rankings = [];
  const milliseconds = [];
  for (const text of messages) {
    const started = performance.now();
    rankings.push(await rank(text));
    milliseconds.push(performance.now() - started);
  }
  const version = (name) => JSON.parse(fs.readFileSync(require.resolve(`${name}/package.json`), 'utf8')).version;
  const versions = { node: process.versions.node };
  for (const name of ['@nlpjs/basic', '@nlpjs/nlu', '@nlpjs/lang-nl']) {
    versions[name] = version(name);
  }
  fs.writeFileSync(answerFile, JSON.stringify({ rankings, milliseconds, versions }));
}

const [step, ...files] = process.argv.slice(2);
const steps = { train, predict };
steps[step](...files).catch((error) => {
  console.error(error);
  process.exit(1);
});
