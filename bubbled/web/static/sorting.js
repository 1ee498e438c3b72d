// Puts the rows of a list into another order: by dragging, by buttons, by Alt with the arrow keys.

/** Make a list sortable; `moved(row)` is told when a row has another place. */
export function sortable(list, moved) {
  let dragged = null

  list.addEventListener('dragstart', (event) => {
    dragged = event.target.closest?.('[draggable]')?.closest('li') ?? null
    if (!dragged) return
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setDragImage(dragged, 10, 10)
    dragged.classList.add('dragged')
  })
  list.addEventListener('dragover', (event) => {
    if (!dragged) return
    event.preventDefault()
    const over = [...list.children].find((row) => row.contains(event.target))
    if (!over || over === dragged) return
    const middle = over.getBoundingClientRect().top + over.offsetHeight / 2
    over[event.clientY > middle ? 'after' : 'before'](dragged)
  })
  list.addEventListener('drop', (event) => { if (dragged) event.preventDefault() })
  list.addEventListener('dragend', () => {
    dragged?.classList.remove('dragged')
    if (dragged) moved(dragged)
    dragged = null
  })

  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-move]')
    if (button) move(button.closest('li'), Number(button.dataset.move), button)
  })
  list.addEventListener('keydown', (event) => {
    if (!event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return
    event.preventDefault()
    move(event.target.closest('li'), event.key === 'ArrowUp' ? -1 : 1, event.target)
  })

  function move(row, by, held) {
    const beside = by < 0 ? row.previousElementSibling : row.nextElementSibling
    if (!beside) return
    beside[by < 0 ? 'before' : 'after'](row)
    moved(row)
    if (!held.disabled) held.focus()
    else row.querySelector('[data-move]:not(:disabled)')?.focus()
  }
}

/** Let the first row of a list not go up, nor the last one down; gives the rows. */
export function bounded(list) {
  const rows = [...list.children]
  rows.forEach((row, index) => {
    const [up, down] = row.querySelectorAll('[data-move]')
    up.disabled = index === 0
    down.disabled = index === rows.length - 1
  })
  return rows
}

/** The same, and each row is named by its number. */
export function numbered(list, words) {
  const rows = bounded(list)
  rows.forEach((row, index) => {
    const named = (text) => text.replace('#', index + 1)
    const [up, down] = row.querySelectorAll('[data-move]')
    up.setAttribute('aria-label', named(words.up))
    down.setAttribute('aria-label', named(words.down))
    row.querySelector('[data-remove]').setAttribute('aria-label', named(words.remove))
  })
  return rows
}
