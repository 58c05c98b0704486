// The accessibility attributes our parts use, by component: the WXML templates and the runtime both
// read this list.
const aria = {
  'aria-role': '',
  'aria-label': '',
  'aria-hidden': '',
  'aria-checked': '',
  'aria-disabled': '',
  'aria-selected': '',
  'aria-expanded': '',
  'aria-live': '',
}

exports.components = {
  View: aria,
  Text: aria,
  Button: aria,
  Image: aria,
  ScrollView: { 'aria-label': '', 'aria-role': '' },
  Input: { 'aria-label': '' },
  Textarea: { 'aria-label': '' },
}
