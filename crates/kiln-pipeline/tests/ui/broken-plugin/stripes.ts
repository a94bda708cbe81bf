export default ({ addUtilities }: { addUtilities: (css: object) => void }) => {
  addUtilities({ ".a": });
};
