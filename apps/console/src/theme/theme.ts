import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const leaf: MantineColorsTuple = [
  '#eef6f2',
  '#dcebe3',
  '#b6d8c8',
  '#8dc4ab',
  '#57b78d',
  '#3b9370',
  '#2a7f5e',
  '#1f6f50',
  '#185a40',
  '#0f4230',
];

const rose: MantineColorsTuple = [
  '#fbf1f0',
  '#f5dedb',
  '#ebb9b4',
  '#e08076',
  '#d0655a',
  '#c2544a',
  '#b2463c',
  '#a53d34',
  '#8c322a',
  '#6d251f',
];

/** Warm, like the background; the fifth is the border of an input, with a contrast of 3:1. */
const gray: MantineColorsTuple = [
  '#faf9f6',
  '#f3f2ee',
  '#ececea',
  '#e4e1d8',
  '#85908a',
  '#7b857f',
  '#66706a',
  '#4c554f',
  '#333a36',
  '#1d2420',
];
const dark: MantineColorsTuple = [
  '#e9ece9',
  '#c9d1cc',
  '#a3ada7',
  '#8b968f',
  '#6f7c75',
  '#2e3531',
  '#1c211e',
  '#181d1a',
  '#141816',
  '#101311',
];

export const theme = createTheme({
  primaryColor: 'leaf',
  primaryShade: { light: 7, dark: 7 },
  colors: { leaf, rose, gray, dark },
  defaultRadius: 8,
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ styles: { root: { fontWeight: 500 } } }),
  },
});

/** Mantine's own surfaces in the colours of tokens.css. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--ground)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--soft)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-hover': 'var(--stone-soft)',
    '--mantine-color-placeholder': 'var(--soft)',
    '--mantine-color-error': 'var(--rose-ink)',
  };
  return { variables: {}, light: shared, dark: shared };
};
