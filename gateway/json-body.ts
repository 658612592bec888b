import type { App } from './app';
import { Problem } from './problem';

/** Anything else would be put in the place of what was sent. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** JSON in UTF-8 is all that is read; of anything else it is said what is wrong with it. */
export function readJsonAlone(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = UTF_8.decode(body);
    } catch {
      return done(new Problem('BAD_INPUT', 'the body is not in UTF-8'));
    }
    if (text === '') return done(new Problem('BAD_INPUT', 'the body is empty; expected JSON'));
    const said = (error: Error | null, value?: unknown): void =>
      error
        ? done(new Problem('BAD_INPUT', 'the body is no JSON, or has a key that is no field: __proto__, constructor'))
        : done(null, value);
    return void parse(request, text, said);
  });
}
