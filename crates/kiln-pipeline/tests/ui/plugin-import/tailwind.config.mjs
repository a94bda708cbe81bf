import stripes from "stripes";

export default { plugins: [stripes] };
