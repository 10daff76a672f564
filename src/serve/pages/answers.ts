/** What people said of a patch, and the form to say it. */
import type { PatchAnswer } from '../../model/dashboard.ts'
import { type Html, html } from '../../report/html/markup.ts'

const WORDS: Readonly<Record<PatchAnswer['answer'], string>> = {
  drop: 'drop it',
  keep: 'keep it',
  withdrawn: 'took the answer back',
}

export function answerList(answers: readonly PatchAnswer[]): Html {
  if (answers.length === 0)
    return html`<p class="soft">Nothing yet. An answer with its reason shows up here for good.</p>`
  const items = answers.map(({ answer, reason, by, at, isOfNow }) => {
    return html`<li><b>${by}</b>: ${WORDS[answer]}${reason === '' ? null : html`, “${reason}”`} <span class="soft">${at.slice(0, 10)}${isOfNow ? '' : ', of another version of it'}</span></li>`
  })
  return html`<ul class="list">${items}</ul>`
}

/** For who has the token: the answer counts at the next attempt. */
export function answerForm(address: string, digest: string): Html {
  return html`<h2>Answer</h2><form class="answer" method="post" action="${address}/answer">
<input type="hidden" name="digest" value="${digest}">
<label>what is to be done <select name="answer"><option value="keep">keep it</option><option value="drop">drop it</option><option value="withdrawn">take the last answer back</option></select></label>
<label>reason <textarea name="reason" rows="3" maxlength="2000"></textarea></label>
<label>your name <input name="by" required maxlength="100" autocomplete="username"></label>
<label>token <input name="token" type="password" required autocomplete="current-password"></label>
<button>record it</button></form>`
}
