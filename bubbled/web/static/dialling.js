// Calls somebody. Where bubbled wants to be sure, or there are several numbers, it asks first.

import { ask, say, trying } from './base.js'

const dialog = document.querySelector('#dialling')

/** Call a number; the user's own phone rings first. */
export async function dial(number, chosen = '') {
  const answer = await trying(() => ask('/dial', { form: { number, chosen } }))
  if (answer?.said) say(answer.said)
  if (answer?.question) question(number, answer)
}

function question(number, { question, choices }) {
  dialog.querySelector('h2').textContent = question
  dialog.querySelector('.actions').replaceChildren(
    ...choices.map((choice) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'primary'
      button.textContent = choice.label
      button.addEventListener('click', () => {
        dialog.close()
        dial(number, choice.number)
      })
      return button
    }),
  )
  dialog.showModal()
}

document.addEventListener('click', (event) => {
  const number = event.target.closest('[data-dial]')?.dataset.dial
  if (number) dial(number)
})
